package io.github.vit4j.finetune.task;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Bases of random weights, and models tuned from them by adding noise where training would. */
final class Models {

  /** What attention-only training changes. */
  static final Predicate<ViTParameter> ATTENTION_ONLY =
      p -> List.of(Role.ATTENTION, Role.HEAD, Role.POS_EMBED).contains(p.role());

  private Models() {}

  static ViTBuilder small() {
    return ViT.builder().imageSize(32).width(32).depth(2).heads(2).classes(5).hmlpStem().seed(3);
  }

  static ViTModel base(ViTBuilder builder) {
    VisionTransformer network = builder.build();
    Model model = Model.newInstance("base", Device.cpu(), "PyTorch");
    network.initialize(model.getNDManager());
    return finished(model, network);
  }

  static ViTModel tuned(ViTModel base, int classes, Predicate<ViTParameter> changed, long seed) {
    ViTConfig config = base.network().config();
    return tuned(base, config.withClasses(classes), changed, seed);
  }

  /** Positions of another image size are resampled first, as fine-tuning does it. */
  static ViTModel tuned(
      ViTModel base, ViTConfig config, Predicate<ViTParameter> changed, long seed) {
    VisionTransformer network = new VisionTransformer(config, 0, false);
    Model model = Model.newInstance("tuned", Device.cpu(), "PyTorch");
    Random random = new Random(seed);
    try (NDManager scope = model.getNDManager().newSubManager()) {
      VisionTransformer start =
          base.network().resizedTo(scope, config.imageHeight(), config.imageWidth());
      Map<String, ViTParameter> old = new HashMap<>();
      start.namedParameters().forEach(p -> old.put(p.path(), p));
      network.initialize(
          model.getNDManager(),
          (p, manager) -> values(p, old.get(p.path()), manager, changed, random));
    }
    return finished(model, network);
  }

  private static NDArray values(
      ViTParameter p,
      @Nullable ViTParameter old,
      NDManager manager,
      Predicate<ViTParameter> changed,
      Random random) {
    float[] values = new float[(int) p.size()];
    boolean kept = old != null && old.shape().equals(p.shape());
    if (old != null && kept) {
      values = old.array().toFloatArray();
    }
    if (!kept || changed.test(p)) {
      for (int i = 0; i < values.length; i++) {
        values[i] += (float) Math.abs(.1 * random.nextGaussian()); // variances stay positive
      }
    }
    return manager.create(values, p.shape());
  }

  private static ViTModel finished(Model model, VisionTransformer network) {
    network.freezeParameters(true);
    model.setBlock(network);
    ViTConfig config = network.config();
    return ViTModel.of(
        model,
        EvalTransform.ofSize(config.imageHeight(), config.imageWidth()),
        Label.numbered(config.classes()));
  }

  static List<RgbImage> images(int count) {
    byte[] pixels = new byte[3 * 40 * 36];
    return new Random(9).ints(count).mapToObj(seed -> image(pixels.clone(), seed)).toList();
  }

  private static RgbImage image(byte[] pixels, int seed) {
    new Random(seed).nextBytes(pixels);
    return RgbImage.of(40, 36, pixels);
  }
}
