package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.Spread;
import io.github.vit4j.ViT;
import io.github.vit4j.WithManager;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every parameter that should learn gets a gradient, and nothing else moves. */
class GradientTest extends WithManager {

  private VisionTransformer random(ViTConfig config) {
    return Drawn.values(ViT.of(config), manager);
  }

  private static float slope(ViTParameter p) {
    try (NDArray gradient = p.array().getGradient();
        NDArray size = gradient.abs();
        NDArray most = size.max()) {
      return most.getFloat();
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void everyTrainableParameterHasOne(ViTConfig config) {
    VisionTransformer model = random(ViT.from(config).dropPath(0).dropout(0).config());

    Runs.backward(model, Images.of(manager, config, 3));

    for (ViTParameter p : model.namedParameters()) {
      boolean fixed =
          p.isBuffer()
              || (p.path().equals("pos_embed")
                  && config.positionEmbedding() == PositionEmbedding.SIN_COS);
      assertThat(p.parameter().requiresGradient()).as(p.path()).isEqualTo(!fixed);
      assertThat(p.array().hasGradient()).as(p.path()).isEqualTo(!fixed);
      if (!fixed) {
        assertThat(slope(p)).as(p.path()).isPositive().isFinite();
      }
    }
  }

  /** The derivative of the mean square logit by one entry of BEiT's table, against a difference. */
  @Test
  void theBiasTablesGradientIsTheSlope() {
    ViTConfig config = Spread.small().relativePosition(RelativePosition.SHARED).config();
    VisionTransformer model = random(config);
    NDArray images = Images.of(manager, config, 2);
    ViTParameter table =
        model.namedParameters().stream()
            .filter(p -> p.path().equals("rel_pos_bias.relative_position_bias_table"))
            .findAny()
            .orElseThrow();
    Runs.backward(model, images);
    float[] gradient = table.array().getGradient().toFloatArray();
    float[] values = table.array().toFloatArray();

    for (int entry : new int[] {0, 9, 18, 20, 23}) {
      double slope = 0;
      for (int sign = -1; sign <= 1; sign += 2) {
        float[] moved = values.clone();
        moved[entry] += sign * .05f;
        table.array().set(moved);
        slope += sign * Slopes.meanSquare(Runs.infer(model, images)) / .1;
      }
      assertThat((double) gradient[entry]).isEqualTo(slope, within(.02 * Math.abs(slope) + 1e-4));
    }
  }

  @Test
  void runningStatisticsMoveInTrainingAsInPyTorch() {
    ViTConfig config = Spread.smallOf16().hmlpStem().config();
    VisionTransformer model = ViT.of(config);
    model.initialize(manager);
    NDArray images = Images.of(manager, config, 4);
    Runs.infer(model, images);
    assertThat(parameter(model, "patch_embed.proj.1.running_mean").array().toFloatArray())
        .containsOnly(0f);

    Runs.train(model, images);

    // what the first convolution gives, over 4 images of 8x8 positions
    NDArray grid =
        images
            .getNDArrayInternal()
            .convolution(
                images,
                parameter(model, "patch_embed.proj.0.weight").array(),
                parameter(model, "patch_embed.proj.0.bias").array(),
                new Shape(4, 4),
                new Shape(0, 0),
                new Shape(1, 1),
                1)
            .singletonOrThrow();
    NDArray rows = grid.transpose(1, 0, 2, 3).reshape(4, -1);
    NDArray mean = rows.mean(new int[] {1}, true);
    NDArray variance = rows.sub(mean).square().sum(new int[] {1}).div(4 * 8 * 8 - 1);
    assertThat(parameter(model, "patch_embed.proj.1.running_mean").array().toFloatArray())
        .containsExactly(mean.mul(.1f).toFloatArray(), within(1e-6f));
    assertThat(parameter(model, "patch_embed.proj.1.running_var").array().toFloatArray())
        .containsExactly(variance.mul(.1f).add(.9f).toFloatArray(), within(1e-6f));
  }

  @Test
  void theStatisticsOfAFrozenStemStay() {
    VisionTransformer model = random(Spread.smallOf16().hmlpStem().config());
    NDArray images = Images.of(manager, model.config(), 4);
    model.namedParameters().stream()
        .filter(p -> p.role() == Role.STEM)
        .forEach(p -> p.parameter().freeze(true));
    float[] mean = parameter(model, "patch_embed.proj.1.running_mean").array().toFloatArray();
    float[] inference = Runs.infer(model, images);

    Runs.backward(model, images);

    assertThat(parameter(model, "patch_embed.proj.1.running_mean").array().toFloatArray())
        .isEqualTo(mean);
    assertThat(Runs.train(model, images)).isEqualTo(inference);
    assertThat(slope(parameter(model, "blocks.0.attns.0.attn.qkv.weight"))).isPositive();
  }

  @Test
  void thawingAllThawsWhatIsTrained() {
    VisionTransformer model =
        ViT.of(Spread.smallOf16().hmlpStem().positionEmbedding(PositionEmbedding.SIN_COS).config());
    model.initialize(manager);

    model.freezeParameters(true);
    assertThat(model.namedParameters()).noneMatch(p -> p.parameter().requiresGradient());

    model.freezeParameters(false, p -> p.getName().equals("weight"));
    assertThat(model.namedParameters())
        .allMatch(p -> p.parameter().requiresGradient() == p.path().endsWith("weight"));

    model.freezeParameters(false);
    assertThat(model.namedParameters())
        .allMatch(
            p ->
                p.parameter().requiresGradient()
                    == !(p.isBuffer() || p.path().equals("pos_embed")));
  }

  private static ViTParameter parameter(VisionTransformer model, String path) {
    return model.namedParameters().stream()
        .filter(p -> p.path().equals(path))
        .findAny()
        .orElseThrow();
  }
}
