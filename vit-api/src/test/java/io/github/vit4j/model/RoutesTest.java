package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.Spread;
import io.github.vit4j.ViT;
import io.github.vit4j.WithManager;
import io.github.vit4j.compute.AttentionRoute;
import io.github.vit4j.compute.LinearRoute;
import io.github.vit4j.compute.Routes;
import io.github.vit4j.config.ViTConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever route a model takes, its outputs and gradients are those of the readable formulas. */
class RoutesTest extends WithManager {

  private static final Routes PLAIN = new Routes(LinearRoute.ENGINE, AttentionRoute.PLAIN);

  private VisionTransformer model(ViTConfig config, Routes routes) {
    return Drawn.values(new VisionTransformer(config, 0, false, routes), manager);
  }

  private static void agree(float[] ours, float[] plain, String what) {
    float largest = 0;
    float apart = 0;
    for (int i = 0; i < plain.length; i++) {
      largest = Math.max(largest, Math.abs(plain[i]));
      apart = Math.max(apart, Math.abs(plain[i] - ours[i]));
    }
    assertThat(ours).as(what).hasSameSizeAs(plain);
    assertThat(apart).as(what).isLessThanOrEqualTo(2e-5f * Math.max(largest, 1e-2f));
  }

  private void compare(ViTConfig config, Routes routes, int batch) {
    VisionTransformer plain = model(config, PLAIN);
    VisionTransformer ours = model(config, routes);
    NDArray images = Images.of(manager, config, batch);

    agree(Runs.infer(ours, images), Runs.infer(plain, images), "output");
    Runs.backward(plain, images);
    Runs.backward(ours, images);

    for (int i = 0; i < plain.namedParameters().size(); i++) {
      ViTParameter theirs = plain.namedParameters().get(i);
      if (theirs.array().hasGradient()) {
        NDArray gradient = ours.namedParameters().get(i).array().getGradient();
        agree(gradient.toFloatArray(), theirs.array().getGradient().toFloatArray(), theirs.path());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void everyArchitectureAgrees(ViTConfig given) {
    ViTConfig config =
        ViT.from(given).dropPath(0).dropout(0).attentionDropout(0).headDropout(0).config();
    Routes routes = new Routes(LinearRoute.ONEDNN, AttentionRoute.FUSED);
    compare(config, routes, Images.batchForOneDnn(config));
  }

  /** Wider than what the architectures above are tried with. */
  @Test
  void widerLayersAgree() {
    ViTConfig config =
        ViT.from(Spread.small().config())
            .imageSize(64)
            .width(96)
            .heads(3)
            .parallel(2)
            .layerScale(.1)
            .config();
    compare(config, new Routes(LinearRoute.ONEDNN, AttentionRoute.FUSED), 4);
  }

  @Test
  void theBuilderFixesRoutesAndOtherImageSizesKeepThem() {
    VisionTransformer model =
        Spread.small().linearRoute(LinearRoute.ENGINE).attentionRoute(AttentionRoute.PLAIN).build();
    model.initialize(manager);
    assertThat(model.routes()).isEqualTo(PLAIN);
    assertThat(model.resizedTo(manager, 24, 24).routes()).isEqualTo(PLAIN);
    assertThat(Spread.small().build().routes()).isEqualTo(Routes.AUTOMATIC);
  }

  @Test
  void aWantedMapTakesThePlainWayAndMixesTheSameValues() {
    VisionTransformer model = model(Spread.small().config(), Routes.AUTOMATIC);
    NDArray images = Images.of(manager, model.config(), 2);
    try (ViTOutput seen = model.observe(images, Observe.attention(1))) {
      float[] sums = seen.attention(1).sum(new int[] {-1}).toFloatArray();
      assertThat(sums).hasSize(2 * 2 * 5).usingComparatorWithPrecision(1e-5f).containsOnly(1f);
      agree(seen.logits().toFloatArray(), Runs.infer(model, images), "logits");
    }
  }
}
