package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import io.github.vit4j.Spread;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.WithManager;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.config.ViTConfig;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the engine's backward pass gives, held against differences of the loss along each
 * parameter's gradient: the slope there is the gradient's length, if the gradient is right.
 */
class GradientsAreSlopesTest extends WithManager {

  private static final double STEP = 0.005;

  /** Every choice, and shapes for which the engine may compute in another way. */
  static Stream<Named<ViTConfig>> configs() {
    return Stream.concat(
        Spread.configs(),
        Stream.of(
            named("hMLP, a column", sized(64, 16).hmlpStem()),
            named("hMLP, a row", sized(16, 64).hmlpStem()),
            named("hMLP with LayerNorm, a column", sized(64, 16).hmlpStem(StemNorm.LAYER_NORM)),
            named("conv, a column", sized(64, 16).convStem())));
  }

  private static ViTBuilder sized(int height, int width) {
    return ViT.builder().imageSize(height, width).width(16).depth(1).heads(2).classes(5);
  }

  private static Named<ViTConfig> named(String name, ViTBuilder builder) {
    return Named.of(name, builder.config());
  }

  @ParameterizedTest
  @MethodSource("configs")
  void ofThreeImages(ViTConfig config) {
    check(config, 3);
  }

  @ParameterizedTest
  @MethodSource("configs")
  void ofOneImage(ViTConfig config) {
    check(config, 1);
  }

  private void check(ViTConfig drawn, int batch) {
    ViTConfig config =
        ViT.from(drawn).dropPath(0).dropout(0).attentionDropout(0).headDropout(0).config();
    VisionTransformer model = Drawn.values(ViT.of(config), manager);
    NDArray images = Images.of(manager, config, batch);
    Runs.backward(model, images);

    for (ViTParameter p : model.namedParameters()) {
      if (p.parameter().requiresGradient()) {
        float[] gradient = p.array().getGradient().toFloatArray();
        double norm = Slopes.length(gradient);
        double along = Slopes.along(p, gradient, STEP, () -> loss(model, images));
        // a bias that a norm takes away again has none, up to rounding
        assertThat(along).as(p.path()).isCloseTo(norm, within(0.03 * norm + 2e-3));
      }
    }
  }

  /** As {@link Runs#backward} has it: the mean square of each output. */
  private static double loss(VisionTransformer model, NDArray images) {
    try (NDManager scope = images.getManager().newSubManager()) {
      NDArray mine = images.duplicate();
      mine.attach(scope);
      double loss = 0;
      for (NDArray out : model.forward(new ParameterStore(scope, false), new NDList(mine), true)) {
        loss += Slopes.meanSquare(out.toFloatArray());
      }
      return loss;
    }
  }
}
