package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.vit4j.Spread;
import io.github.vit4j.ViT;
import io.github.vit4j.WithManager;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Blocks that are computed twice have the gradients of the usual way. */
class RecomputationTest extends WithManager {

  private VisionTransformer random(ViTConfig config) {
    return Drawn.values(ViT.of(config), manager);
  }

  /** Gradients of the mean square of all outputs; null where there is none. */
  private static List<float @Nullable []> gradients(
      VisionTransformer model, NDArray images, @Nullable Recomputation recomputation) {
    return gradients(model, new NDList(images), model.namedParameters(), recomputation);
  }

  private static List<float @Nullable []> gradients(
      Block model,
      NDList inputs,
      List<ViTParameter> parameters,
      @Nullable Recomputation recomputation) {
    try (NDManager scope = inputs.get(0).getManager().newSubManager();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDList mine = new NDList();
      inputs.forEach(input -> mine.add(input.duplicate()));
      mine.attach(scope);
      ParameterStore store = new ParameterStore(scope, false);
      NDList out =
          recomputation == null
              ? model.forward(store, mine, true)
              : model.forward(store, mine, true, recomputation.asParameters());
      NDArray loss = out.get(0).square().mean();
      for (NDArray other : out.subNDList(1)) {
        loss = loss.add(other.square().mean());
      }
      collector.backward(loss);
      if (recomputation != null) {
        recomputation.backward();
      }
    }
    List<float @Nullable []> all = new ArrayList<>();
    for (ViTParameter p : parameters) {
      if (!p.array().hasGradient()) {
        all.add(null);
        continue;
      }
      try (NDArray gradient = p.array().getGradient();
          NDArray same = gradient.duplicate()) {
        all.add(gradient.toFloatArray());
        gradient.subi(same);
      }
    }
    return all;
  }

  private static void same(List<float @Nullable []> ours, List<float @Nullable []> usual) {
    assertThat(ours).hasSameSizeAs(usual);
    for (int i = 0; i < usual.size(); i++) {
      assertThat(ours.get(i)).isEqualTo(usual.get(i)); // bit for bit
    }
  }

  private static ViTConfig withoutDraws(ViTConfig config) {
    return ViT.from(config).dropPath(0).dropout(0).attentionDropout(0).headDropout(0).config();
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void gradientsAreTheUsualOnes(ViTConfig any) {
    ViTConfig config = withoutDraws(any);
    VisionTransformer model = random(config);
    NDArray images = Images.of(manager, config, 3);
    int before = Managed.by(manager);

    List<float @Nullable []> usual = gradients(model, images, null);
    List<float @Nullable []> ours = gradients(model, images, new Recomputation(1));

    boolean otherwise =
        config.pooling() == Pooling.MAP
            || (config.pooling() != Pooling.TOKEN && config.finalNorm() == FinalNorm.AFTER_POOL);
    if (config.relativePosition().shared() || otherwise) {
      near(ours, usual); // a shared table sums in another order; pools differ in the last bits
    } else {
      same(ours, usual);
    }
    assertThat(Managed.by(manager)).isEqualTo(before);
  }

  private static void near(List<float @Nullable []> ours, List<float @Nullable []> usual) {
    for (int i = 0; i < usual.size(); i++) {
      float[] wanted = usual.get(i);
      float[] got = ours.get(i);
      assertThat(got == null).isEqualTo(wanted == null);
      for (int k = 0; wanted != null && k < wanted.length; k++) {
        assertThat(got[k]).isEqualTo(wanted[k], within(1e-5f * (1 + Math.abs(wanted[k]))));
      }
    }
  }

  @Test
  void soAreThoseOfAMaskedModel() {
    VisionTransformer network = random(Spread.small().config());
    MaskedImageModel model = new MaskedImageModel(network, 7, 1);
    model.initialize(manager, DataType.FLOAT32, network.inputShape(), new Shape(1, 4));
    NDArray images = Images.of(manager, network.config(), 2);
    NDArray mask =
        manager.create(
            new boolean[] {true, false, true, false, false, true, true, false}, new Shape(2, 4));
    List<float @Nullable []> usual =
        gradients(model, new NDList(images, mask), model.namedParameters(), null);
    same(
        gradients(model, new NDList(images, mask), model.namedParameters(), new Recomputation(1)),
        usual);
    assertThat(usual).doesNotContainNull();
  }

  /** A block's draws follow from the seed, so the usual way with that seed draws the same. */
  @Test
  void bothPassesDrawAlike() {
    ViTConfig config =
        ViT.from(Spread.small().config()).depth(1).attentionDropout(.2).dropPath(.3).config();
    VisionTransformer model = random(config);
    NDArray images = Images.of(manager, config, 4);
    List<float @Nullable []> ours = gradients(model, images, new Recomputation(5));
    Engine.getEngine("PyTorch").setRandomSeed(new SplittableRandom(5).nextInt());
    same(ours, gradients(model, images, null));
    same(ours, gradients(model, images, new Recomputation(5)));
  }

  @Test
  void frozenBlocksAndStemsHaveNone() {
    for (boolean stem : new boolean[] {false, true}) {
      VisionTransformer model =
          random(
              ViT.from(Spread.small().config())
                  .depth(4)
                  .relativePosition(RelativePosition.PER_BLOCK)
                  .config());
      model.freezeParameters(true);
      for (ViTParameter p : model.namedParameters()) {
        boolean learns = p.role() == Role.HEAD || p.block() == 2 || (stem && p.role() == Role.STEM);
        p.parameter().freeze(!learns);
      }
      NDArray images = Images.of(manager, model.config(), 2);
      List<float @Nullable []> usual = gradients(model, images, null);
      same(gradients(model, images, new Recomputation(1)), usual);
      assertThat(usual.stream().filter(g -> g == null)).isNotEmpty();
    }
  }

  @Test
  void aHeadAloneNeedsNoBlockTwice() {
    VisionTransformer model = random(Spread.small().config());
    model.freezeParameters(true);
    model.namedParameters().stream()
        .filter(p -> p.role() == Role.HEAD)
        .forEach(p -> p.parameter().freeze(false));
    NDArray images = Images.of(manager, model.config(), 2);
    same(gradients(model, images, new Recomputation(1)), gradients(model, images, null));
  }

  @Test
  void servesOnePass() {
    VisionTransformer model = random(Spread.small().config());
    NDArray images = Images.of(manager, model.config(), 2);
    Recomputation recomputation = new Recomputation(1);
    gradients(model, images, recomputation);
    assertThatThrownBy(() -> gradients(model, images, recomputation))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("serves one forward pass");
  }
}
