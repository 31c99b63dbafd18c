package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import io.github.vit4j.Spread;
import io.github.vit4j.WithManager;
import io.github.vit4j.compute.AttentionRoute;
import io.github.vit4j.compute.LinearRoute;
import io.github.vit4j.compute.Routes;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** However often a model runs, nobody holds more arrays afterwards. */
class LeakTest extends WithManager {

  private static final int PASSES = 200;

  /** Those that leave the most behind on their way. */
  private static final Routes ROUTES = new Routes(LinearRoute.ONEDNN, AttentionRoute.FUSED);

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void forwardAndBackwardKeepNothing(ViTConfig config) {
    NDManager weights = manager.newSubManager();
    VisionTransformer model = new VisionTransformer(config, 0, false, ROUTES);
    model.initialize(weights);
    NDArray images = Images.of(manager, config, Images.batchForOneDnn(config));
    int before = Managed.by(manager);
    int owned = weights.getManagedArrays().size();

    Runs.infer(model, images);
    Runs.backward(model, images);
    model.observe(images, Observe.attentionEverywhere()).close();

    assertThat(Managed.by(manager)).isEqualTo(before);
    assertThat(weights.getManagedArrays()).hasSize(owned).hasSameSizeAs(model.namedParameters());
  }

  @Test
  void aPassLeavesOnlyItsOutputs() {
    VisionTransformer model = Spread.small().parallel(2).distillationToken().build();
    model.initialize(manager);
    try (NDManager batch = manager.newSubManager()) {
      NDArray images = Images.of(batch, model.config(), 2);
      ParameterStore store = new ParameterStore(batch, false);

      NDList one = model.forward(store, new NDList(images), false);
      assertThat(Managed.by(batch)).isEqualTo(2);
      assertThat(one.singletonOrThrow().getManager()).isSameAs(batch);

      assertThat(model.forward(store, new NDList(images), true)).hasSize(2);
      assertThat(Managed.by(batch)).isEqualTo(4);
    }
  }

  @Test
  void twoHundredForwardPasses() {
    VisionTransformer model = Spread.small().parallel(2).build();
    model.initialize(manager);
    NDArray images = Images.of(manager, model.config(), 1);
    int before = Managed.by(manager);

    for (int i = 0; i < PASSES; i++) {
      Runs.infer(model, images);
      assertThat(Managed.by(manager)).isEqualTo(before);
    }
  }

  @Test
  void twoHundredObservations() {
    VisionTransformer model = Spread.small().parallel(2).build();
    model.initialize(manager);
    NDArray images = Images.of(manager, model.config(), 1);
    int before = Managed.by(manager);

    for (int i = 0; i < PASSES; i++) {
      try (ViTOutput out =
          model.observe(images, Observe.tokensAfterEveryBlock(), Observe.attentionEverywhere())) {
        assertThat(out.logits().getShape().get(1)).isEqualTo(5);
      }
      assertThat(Managed.by(manager)).isEqualTo(before);
    }
  }

  @Test
  void refusedWishesAndImagesLeaveNothing() {
    VisionTransformer model = Spread.small().build();
    model.initialize(manager);
    NDArray images = Images.of(manager, model.config(), 1);
    NDArray wrong = images.get("0");
    int before = Managed.by(manager);

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> model.observe(images, Observe.attention(9)))
          .isInstanceOf(BadInputException.class);
      assertThatThrownBy(() -> model.observe(wrong)).isInstanceOf(BadInputException.class);
      assertThatThrownBy(() -> Runs.infer(model, wrong)).isInstanceOf(BadInputException.class);
    }

    assertThat(Managed.by(manager)).isEqualTo(before);
  }

  @Test
  void twoHundredPredictions() throws TranslateException {
    try (Model model = Model.newInstance("vit", "PyTorch")) {
      VisionTransformer vit = Spread.small().parallel(2).build();
      model.setBlock(vit);
      vit.initialize(model.getNDManager());
      try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
        NDArray images = Images.of(manager, vit.config(), 1);
        predictor.predict(new NDList(images)).close();
        int before = Managed.by(manager);
        int owned = Managed.by(model.getNDManager());

        for (int i = 0; i < PASSES; i++) {
          predictor.predict(new NDList(images)).close();
          assertThat(Managed.by(manager)).isEqualTo(before);
          assertThat(Managed.by(model.getNDManager())).isEqualTo(owned);
        }
      }
    }
  }

  @Test
  void twoHundredTrainingSteps() {
    VisionTransformer model = Spread.smallOf16().hmlpStem().dropPath(.1).build();
    model.initialize(manager);
    NDArray images = Images.of(manager, model.config(), 2);
    Runs.backward(model, images);
    int before = Managed.by(manager);

    for (int i = 0; i < PASSES; i++) {
      Runs.backward(model, images);
      assertThat(Managed.by(manager)).isEqualTo(before);
    }
  }
}
