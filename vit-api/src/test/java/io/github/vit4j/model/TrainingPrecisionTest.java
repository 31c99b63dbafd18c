package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.github.vit4j.Spread;
import io.github.vit4j.ViT;
import io.github.vit4j.WithManager;
import io.github.vit4j.compute.OneDnn;
import io.github.vit4j.compute.Precision;
import io.github.vit4j.compute.Routes;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Training in bfloat16 differs from float32 by rounding alone. */
class TrainingPrecisionTest extends WithManager {

  private static final Routes HALF = Routes.AUTOMATIC.withTraining(Precision.BFLOAT16);

  private VisionTransformer model(ViTConfig config, Routes routes) {
    return Drawn.values(new VisionTransformer(config, 0, false, routes), manager, .3f);
  }

  private static double apart(float[] ours, float[] theirs) {
    double difference = 0;
    double size = 0;
    for (int i = 0; i < theirs.length; i++) {
      difference += Math.pow(ours[i] - theirs[i], 2);
      size += Math.pow(theirs[i], 2);
    }
    return Math.sqrt(difference / size);
  }

  private static float[] gradients(VisionTransformer model) {
    NDList all = new NDList();
    model.trainable().forEach(p -> all.add(p.array().getGradient().flatten()));
    try (NDArray joined = NDArrays.concat(all, 0)) {
      return joined.toFloatArray();
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void valuesAndGradientsAgree(ViTConfig any) {
    assumeTrue(OneDnn.hasBfloat16());
    ViTConfig config =
        ViT.from(any).dropPath(0).dropout(0).attentionDropout(0).headDropout(0).config();
    VisionTransformer single = model(config, Routes.AUTOMATIC);
    VisionTransformer half = model(config, HALF);
    NDArray images = Images.of(manager, config, 3);

    assertThat(apart(Runs.train(half, images), Runs.train(single, images))).isBetween(1e-5, .03);
    assertThat(Runs.infer(model(config, HALF), images))
        .isEqualTo(Runs.infer(model(config, Routes.AUTOMATIC), images));
    Runs.backward(single, images);
    Runs.backward(half, images);
    assertThat(apart(gradients(half), gradients(single))).isBetween(1e-5, .05);
  }

  @Test
  void lowRankBranchesAreAdded() {
    assumeTrue(OneDnn.hasBfloat16());
    ViTConfig config = Spread.small().config();
    NDArray images = Images.of(manager, config, 3);
    float[][] out = new float[2][];
    for (int i = 0; i < 2; i++) {
      VisionTransformer model = model(config, i == 0 ? Routes.AUTOMATIC : HALF);
      model.lowRank().add(2, 1, Set.of(LowRank.Layer.QKV, LowRank.Layer.PROJ));
      model.initialize(manager);
      out[i] = Runs.train(model, images);
    }
    assertThat(apart(out[1], out[0])).isBetween(1e-6, .03);
  }

  @Test
  void frozenWeightsGetNoGradientAndNothingIsKept() {
    assumeTrue(OneDnn.hasBfloat16());
    VisionTransformer model = model(Spread.small().parallel(2).config(), HALF);
    model.freezeParameters(true);
    model.namedParameters().stream()
        .filter(p -> p.role() == Role.ATTENTION)
        .forEach(p -> p.parameter().freeze(false));
    NDArray images = Images.of(manager, model.config(), 2);
    int before = Managed.by(manager);
    for (int i = 0; i < 20; i++) {
      Runs.backward(model, images);
      assertThat(Managed.by(manager)).isEqualTo(before);
    }
    for (ViTParameter p : model.namedParameters()) {
      assertThat(p.array().hasGradient()).as(p.path()).isEqualTo(p.role() == Role.ATTENTION);
    }
  }

  @Test
  void aProcessorWithoutItIsTold() {
    assumeTrue(!OneDnn.hasBfloat16());
    VisionTransformer model = model(Spread.small().config(), HALF);
    NDArray images = Images.of(manager, model.config(), 2);
    assertThatThrownBy(() -> Runs.train(model, images))
        .isInstanceOf(BadInputException.class)
        .hasMessage("this processor has no bfloat16 products; train in float32");
    Runs.infer(model, images);
  }
}
