package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.Spread;
import io.github.vit4j.ViT;
import io.github.vit4j.WithManager;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A look inside shows what the pass itself computes. */
class ObserveTest extends WithManager {

  private VisionTransformer initialized(ViTConfig config) {
    VisionTransformer model = ViT.of(config);
    model.initialize(manager);
    return model;
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void showsEveryBlockAndBranch(ViTConfig c) {
    VisionTransformer model = initialized(c);
    NDArray images = Images.of(manager, c, 3);
    int t = c.tokens();

    try (ViTOutput out =
        model.observe(
            images,
            Observe.embeddings(),
            Observe.tokensAfterEveryBlock(),
            Observe.attentionEverywhere())) {
      assertThat(out.embeddings().getShape()).isEqualTo(new Shape(3, t, 16));
      assertThat(out.features().getShape()).isEqualTo(new Shape(3, t, 16));
      assertThat(out.pooled().getShape()).isEqualTo(new Shape(3, c.pooledWidth()));
      for (int block = 0; block < c.depth(); block++) {
        assertThat(out.tokens(block).getShape()).isEqualTo(new Shape(3, t, 16));
        for (int branch = 0; branch < c.parallel(); branch++) {
          NDArray map = out.attention(block, branch);
          assertThat(map.getShape()).isEqualTo(new Shape(3, c.heads(), t, t));
          for (float total : map.sum(new int[] {-1}).toFloatArray()) {
            assertThat(total).isEqualTo(1, within(1e-5f));
          }
          assertThat(map.min().getFloat()).isNotNegative();
        }
        assertThat(out.attention(block)).isSameAs(out.attention(block, 0));
      }
      float[] output = (c.classes() > 0 ? out.logits() : out.pooled()).toFloatArray();
      // a pass that shows maps computes attention step by step, another in one operator
      assertThat(output).containsExactly(Runs.infer(model, images), within(1e-6f));
    }
  }

  /** As in timm: without attention in the blocks, class and register tokens reach no feature. */
  @Test
  void attentionPoolingReadsThePatchesAlone() {
    ViTConfig config = Spread.small().registerTokens(2).pooling(Pooling.MAP).config();
    VisionTransformer model = initialized(config);
    for (ViTParameter p : model.namedParameters()) {
      if (p.path().startsWith("blocks.") && p.path().contains(".proj.")) {
        p.parameter().getArray().set(new NDIndex("..."), 0);
      }
    }
    NDArray images = Images.of(manager, config, 2);

    try (ViTOutput before = model.observe(images)) {
      for (ViTParameter p : model.namedParameters()) {
        if (p.role() == Role.TOKEN) {
          p.parameter().getArray().set(new NDIndex("..."), 3);
        }
      }
      try (ViTOutput after = model.observe(images)) {
        assertThat(after.features()).isNotEqualTo(before.features());
        assertThat(after.pooled().toFloatArray()).isEqualTo(before.pooled().toFloatArray());
      }
    }
  }

  @Test
  void poolsAsItSays() {
    ViTConfig token = Spread.small().registerTokens(2).config();
    ViTConfig mean = ViT.from(token).pooling(Pooling.MEAN).config();
    ViTConfig both = ViT.from(token).pooling(Pooling.TOKEN_AND_MEAN).config();
    NDArray images = Images.of(manager, token, 2);

    try (ViTOutput byToken = initialized(token).observe(images);
        ViTOutput byMean = initialized(mean).observe(images);
        ViTOutput byBoth = initialized(both).observe(images)) {
      assertThat(byBoth.pooled().get(":, :16").toFloatArray())
          .isEqualTo(byToken.pooled().toFloatArray());
      assertThat(byBoth.pooled().get(":, 16:").toFloatArray())
          .isEqualTo(byMean.pooled().toFloatArray());
      float[] features = byMean.features().toFloatArray();
      assertThat(byToken.features().toFloatArray()).isEqualTo(features);
      for (int image = 0; image < 2; image++) {
        for (int d = 0; d < 16; d++) {
          float total = 0;
          for (int t = 3; t < 7; t++) { // after the class token and two registers
            total += features[(image * 7 + t) * 16 + d];
          }
          assertThat(byToken.pooled().getFloat(image, d)).isEqualTo(features[image * 7 * 16 + d]);
          assertThat(byMean.pooled().getFloat(image, d)).isEqualTo(total / 4, within(1e-5f));
        }
      }
    }
  }

  @Test
  void theFinalNormStandsWhereItIsPut() {
    ViTConfig after = Spread.small().finalNorm(FinalNorm.AFTER_POOL).config();
    NDArray images = Images.of(manager, after, 1);

    try (ViTOutput unnormed = initialized(after).observe(images, Observe.tokensAfter(1));
        ViTOutput normed =
            initialized(Spread.small().config()).observe(images, Observe.tokensAfter(1))) {
      assertThat(unnormed.features().toFloatArray())
          .isEqualTo(unnormed.tokens(1).toFloatArray())
          .isEqualTo(normed.tokens(1).toFloatArray())
          .isNotEqualTo(normed.features().toFloatArray());
      assertThat(unnormed.pooled().toFloatArray())
          .containsExactly(normed.pooled().toFloatArray(), within(1e-6f));
      assertThat(normed.features().mean(new int[] {-1}).abs().max().getFloat())
          .isEqualTo(0, within(1e-5f));
    }
  }

  @Test
  void whatWasNotAskedForIsRefused() {
    VisionTransformer model = initialized(Spread.small().config());
    NDArray images = Images.of(manager, model.config(), 1);

    try (ViTOutput out = model.observe(images, Observe.tokensAfter(0), Observe.attention(1))) {
      assertThat(out.tokens(0)).isNotNull();
      assertThat(out.attention(1)).isNotNull();
      refused(() -> out.tokens(1), "this was not kept; ask for it with Observe.tokensAfter(1)");
      refused(out::embeddings, "this was not kept; ask for it with Observe.embeddings()");
      refused(() -> out.attention(0), "ask for it with Observe.attention(0)");
      refused(() -> out.attention(1, 1), "Observe.attention(1) on a model that has branch 1");
    }
    refused(
        () -> model.observe(images, Observe.tokensAfter(0, 2)),
        "there is no block 2 to observe; this model has blocks 0 to 1");
    refused(() -> model.observe(images, Observe.attention(-1)), "there is no block -1");
  }

  @Test
  void aModelWithoutHeadHasNoLogits() {
    VisionTransformer model = initialized(Spread.small().config().withClasses(0));

    try (ViTOutput out = model.observe(Images.of(manager, model.config(), 1))) {
      refused(out::logits, "the model has no head and thus no logits; build it with classes(n)");
    }
  }

  @Test
  void imagesThatDoNotFitAreRefused() {
    VisionTransformer model = initialized(Spread.small().config());
    String fits = "does not fit; this model takes (B, 3, 16, 16): resize the images, or adapt";

    refused(() -> model.observe(manager.ones(new Shape(1, 3, 16, 24))), fits);
    refused(() -> model.observe(manager.ones(new Shape(1, 1, 16, 16))), fits);
    refused(() -> model.observe(manager.ones(new Shape(3, 16, 16))), fits);
    refused(
        () -> model.observe(manager.ones(new Shape(1, 3, 16, 16), DataType.UINT8)),
        "input of type uint8 does not fit; give normalised pixels as float32");
  }

  @Test
  void whatIsSeenOutlivesThePass() {
    VisionTransformer model = initialized(Spread.small().config());
    NDManager batch = manager.newSubManager();
    NDArray images = Images.of(batch, model.config(), 1);

    ViTOutput out = model.observe(images, Observe.tokensAfter(0));
    float[] tokens = out.tokens(0).toFloatArray();
    images.close();
    Runs.infer(model, Images.of(batch, model.config(), 4));

    assertThat(out.tokens(0).toFloatArray()).isEqualTo(tokens);
    out.close();
    assertThat(Managed.by(batch)).isEqualTo(1);
  }

  private static void refused(Runnable action, String message) {
    assertThatThrownBy(action::run)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }
}
