package io.github.vit4j.finetune.train;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.compute.Routes;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import java.util.List;
import java.util.Map;

/**
 * A model of its own for training, made of another: other image size, other stochastic depth, and a
 * head for the classes of the data. The values are copies in the engine's own memory, so that where
 * they came from makes no difference to a single bit.
 *
 * @param model owns the values
 * @param network inside it
 * @param labels the classes
 * @param newHead why the head is a new one; empty if it was kept
 */
record FittedModel(Model model, VisionTransformer network, List<Label> labels, String newHead)
    implements AutoCloseable {

  /** What is to change. */
  record Fit(
      List<String> classes,
      EvalTransform preprocessing,
      double dropPath,
      Routes routes,
      boolean zero,
      long seed) {}

  static FittedModel of(ViTModel base, Fit fit) {
    VisionTransformer old = base.network();
    ViTConfig config = old.config();
    ModelValues.requireTrainable(old);
    String newHead = whyNewHead(base, fit.classes);
    boolean kept = newHead.isEmpty();
    List<Label> labels = kept ? base.labels() : Label.named(fit.classes);
    VisionTransformer network = network(old, fit);
    Model model =
        Model.newInstance("fine-tuned", base.djlModel().getNDManager().getDevice(), "PyTorch");
    try {
      copy(old, network, !kept, model.getNDManager());
      model.setBlock(network);
      return new FittedModel(model, network, labels, newHead);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  private static VisionTransformer network(VisionTransformer old, Fit fit) {
    ViTConfig config =
        ViT.from(old.config().withDropPath(fit.dropPath))
            .imageSize(fit.preprocessing.height(), fit.preprocessing.width())
            .classes(fit.classes.size())
            .config();
    return new VisionTransformer(config, fit.seed, fit.zero, fit.routes);
  }

  private static String whyNewHead(ViTModel base, List<String> classes) {
    int before = base.network().config().classes();
    if (before == 0) {
      return "the model had no head; a new one of %d classes is trained".formatted(classes.size());
    }
    if (before != classes.size()) {
      return "the model knew %d classes and the data has %d; a new head is trained"
          .formatted(before, classes.size());
    }
    for (int i = 0; i < before; i++) {
      Label label = base.labels().get(i);
      String name = classes.get(i);
      if (!label.id().equalsIgnoreCase(name) && !label.name().equalsIgnoreCase(name)) {
        return "class %d is '%s' in the model and '%s' in the data; a new head is trained"
            .formatted(i, label.name(), name);
      }
    }
    return "";
  }

  private static void copy(
      VisionTransformer from, VisionTransformer to, boolean newHead, NDManager manager) {
    try (NDManager scope = manager.newSubManager()) {
      ViTConfig config = to.config();
      Map<String, NDArray> values =
          ModelValues.of(from, config.imageHeight(), config.imageWidth(), scope);
      if (newHead) {
        to.namedParameters().stream()
            .filter(p -> p.role() == Role.HEAD)
            .forEach(p -> values.remove(p.path()));
      }
      ModelValues.fill(to, manager, values);
    }
  }

  @Override
  public void close() {
    model.close();
  }
}
