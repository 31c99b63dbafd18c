package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.Spread;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.StemKind;
import io.github.vit4j.config.ViTConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The summary against counts that are made another way. */
class ViTSummaryTest {

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void countsWhatTheModelHas(ViTConfig config) {
    VisionTransformer model = new VisionTransformer(config, 0, false);
    long learned = 0;
    for (ViTParameter p : model.namedParameters()) {
      learned += p.path().contains("running_") ? 0 : p.parameter().getShape().size();
    }

    assertThat(model.summary().parameters()).isEqualTo(learned);
    assertThat(ViTSummary.of(model)).isEqualTo(model.summary());
  }

  /** Every weight is used once for each row it meets: tokens, pixels of a grid, or the image. */
  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void macsFollowFromTheShapesOfTheWeights(ViTConfig c) {
    VisionTransformer model = new VisionTransformer(c, 0, false);
    long t = c.tokens();
    long pixels = (long) c.imageHeight() * c.imageWidth();
    long expected = 0;
    for (ViTParameter p : model.namedParameters()) {
      int rank = p.shape().dimension();
      String path = p.path();
      if (rank == 4) {
        long kernel = p.shape().get(2);
        boolean overlapping = c.stem().kind() == StemKind.CONV;
        pixels /= overlapping ? 4 : kernel * kernel; // the stride is 2 there, the kernel elsewhere
        expected += pixels * p.size();
      } else if (rank == 2 && path.startsWith("blocks.") && path.endsWith(".weight")) {
        expected += t * p.size();
        expected += path.endsWith("qkv.weight") ? 2 * t * t * c.width() : 0;
      } else if (path.equals("attn_pool.kv.weight")) {
        expected += c.patches() * p.size() + 2 * c.patches() * c.width();
      } else if (rank == 2 && path.endsWith(".weight")) {
        expected += p.size();
      }
    }

    assertThat(model.summary().macs()).isEqualTo(expected);
    assertThat(pixels).isEqualTo(c.patches());
  }

  /** 2 x 2 patches of 8 pixels and a class token; width 16, so 5 tokens. */
  @Test
  void countedByHand() {
    ViTSummary summary = Spread.small().build().summary();

    long stem = 4 * (8 * 8 * 3) * 16;
    long attention = 2 * (5 * 16 * 48 + 5 * 5 * 16 + 5 * 5 * 16 + 5 * 16 * 16);
    long feedForward = 2 * (5 * 16 * 64 + 5 * 64 * 16);
    long head = 16 * 5;
    assertThat(summary.macs()).isEqualTo(stem + attention + feedForward + head);

    long block = (16 + 16) + (48 * 16 + 48) + (16 * 16 + 16) + 32 + (64 * 17) + (16 * 65);
    assertThat(summary.parameters())
        .isEqualTo(16 + 5 * 16 + (192 * 16 + 16) + 2 * block + 32 + 5 * 17);
  }

  @Test
  void readsAsATable() {
    String table = Spread.small().pooling(Pooling.MAP).layerScale(.1).build().summary().toString();

    assertThat(table.lines().map(line -> line.substring(0, 24).strip()))
        .containsExactly(
            "part",
            "stem",
            "position embedding",
            "attention",
            "feed-forward",
            "norms",
            "LayerScale",
            "attention pool",
            "head",
            "total");
  }
}
