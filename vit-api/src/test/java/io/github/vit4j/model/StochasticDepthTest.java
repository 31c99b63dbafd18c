package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.github.vit4j.Spread;
import io.github.vit4j.ViT;
import io.github.vit4j.config.ViTConfig;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Branches drop in training, for a whole image, as often as the rate says, and never after. */
class StochasticDepthTest {

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager("PyTorch");
    Engine.getEngine("PyTorch").setRandomSeed(5);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Pass pass(boolean training) {
    return Pass.of(new ParameterStore(manager, false), training);
  }

  @ParameterizedTest
  @ValueSource(floats = {.05f, .1f, .4f, .9f})
  void dropsWholeImagesAtTheRateAndScalesTheOthers(float rate) {
    int images = 20_000;
    NDArray x = manager.ones(new Shape(images, 2, 3));

    float[] y = Dropout.path(pass(true), x, rate).toFloatArray();

    int dropped = 0;
    for (int i = 0; i < images; i++) {
      float first = y[6 * i];
      for (int j = 1; j < 6; j++) {
        assertThat(y[6 * i + j]).isEqualTo(first);
      }
      if (first == 0) {
        dropped++;
      } else {
        assertThat(first).isEqualTo(1 / (1 - rate), within(1e-5f));
      }
    }
    double deviation = Math.sqrt(rate * (1 - rate) / images);
    assertThat((double) dropped / images).isEqualTo(rate, within(4 * deviation));
  }

  @Test
  void singleValuesDropLikewise() {
    float[] y = Dropout.apply(pass(true), manager.ones(new Shape(20_000)), .3f).toFloatArray();

    int dropped = 0;
    for (float value : y) {
      dropped += value == 0 ? 1 : 0;
      assertThat(value == 0 ? 1 / .7f : value).isEqualTo(1 / .7f, within(1e-5f));
    }
    assertThat(dropped / 20_000.0).isEqualTo(.3, within(.013));
  }

  @Test
  void nothingDropsAtInferenceOrAtRateZero() {
    NDArray x = manager.ones(new Shape(4, 2, 3));

    assertThat(Dropout.path(pass(false), x, .9f)).isSameAs(x);
    assertThat(Dropout.apply(pass(false), x, .9f)).isSameAs(x);
    assertThat(Dropout.path(pass(true), x, 0)).isSameAs(x);
    assertThat(Dropout.apply(pass(true), x, 0)).isSameAs(x);
  }

  @Test
  void ratesChangeTrainingOnly() {
    ViTConfig plain = Spread.small().config();
    ViTConfig dropping =
        ViT.from(plain).dropPath(.5).dropout(.5).attentionDropout(.5).headDropout(.5).config();
    NDArray images = Images.of(manager, plain, 2);
    VisionTransformer model = initialized(plain);
    VisionTransformer dropper = initialized(dropping);

    float[] expected = Runs.infer(model, images);
    assertThat(Runs.train(model, images)).isEqualTo(expected);
    assertThat(Runs.infer(dropper, images)).isEqualTo(expected);
    assertThat(Runs.train(dropper, images)).isNotEqualTo(expected);
  }

  @Test
  void everyBranchDrawsForItself() {
    VisionTransformer model =
        initialized(ViT.from(Spread.small().config()).depth(1).parallel(2).dropPath(.5).config());
    NDArray one = Images.of(manager, model.config(), 1);
    NDArray images = one.repeat(0, 256);

    Set<String> outcomes = outcomes(Runs.train(model, images));

    // two attention and two feed-forward branches, each there or not
    assertThat(outcomes).hasSize(16);
  }

  private static Set<String> outcomes(float[] logits) {
    Set<String> outcomes = new HashSet<>();
    for (int i = 0; i < logits.length; i += 5) {
      outcomes.add("%.4f %.4f".formatted(logits[i], logits[i + 1]));
    }
    return outcomes;
  }

  @Test
  void anIncreasingRateSparesTheFirstBlock() {
    ViTConfig plain = Spread.small().config();
    ViTConfig increasing = ViT.from(plain).dropPathIncreasing(.5).config();
    ViTConfig constant = ViT.from(plain).dropPath(.5).config();
    NDArray images = Images.of(manager, plain, 1).repeat(0, 64);

    // with a second block that adds nothing, only the first could drop
    assertThat(outcomes(Runs.train(silencedSecondBlock(increasing), images))).hasSize(1);
    assertThat(outcomes(Runs.train(silencedSecondBlock(constant), images))).hasSize(4);
    assertThat(outcomes(Runs.train(initialized(increasing), images))).hasSize(4);
  }

  private VisionTransformer silencedSecondBlock(ViTConfig config) {
    VisionTransformer model = initialized(config);
    for (ViTParameter p : model.namedParameters()) {
      if (p.block() == 1 && (p.path().contains("attn.proj") || p.path().contains("fc2"))) {
        p.array().muli(0);
      }
    }
    return model;
  }

  /** Large enough weights that every branch shows in the first decimals. */
  private VisionTransformer initialized(ViTConfig config) {
    VisionTransformer model = ViT.of(config);
    model.initialize(
        manager,
        (p, owner) -> {
          try (NDArray drawn = Images.normal(owner, p.path().hashCode(), p.shape())) {
            return drawn.mul(.5f);
          }
        });
    return model;
  }
}
