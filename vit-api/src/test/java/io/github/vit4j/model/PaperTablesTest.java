package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The sizes that the papers print. These models are built but never given values. */
class PaperTablesTest {

  private static ViTBuilder preset(String letters) {
    ViTBuilder b = ViT.builder();
    return switch (letters) {
      case "Ti" -> b.tiny();
      case "S" -> b.small();
      case "B" -> b.base();
      case "L" -> b.large();
      default -> throw new IllegalArgumentException(letters);
    };
  }

  private static String rounded(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  /** Three things, table 1. L's 304.4 M holds for the model with LayerScale: 304.3 M without. */
  @ParameterizedTest
  @CsvSource({"Ti, 5.7, 1.3", "S, 22.1, 4.6", "B, 86.6, 17.6", "L, 304.4, 61.6"})
  void baselines(String size, String millions, double gigas) {
    ViTSummary summary = preset(size).layerScale(1e-4).build().summary();

    assertThat(rounded(summary.parameters() / 1e6, 1)).isEqualTo(millions);
    assertThat(summary.macs() / 1e9).isEqualTo(gigas, within(.1));
  }

  /** Three things, table 3: the first three rows without LayerScale, the others with. */
  @ParameterizedTest
  @CsvSource({
    "B, 12, 1, false,  86.6, 17.6",
    "S, 48, 1, false,  85.9, 18.3",
    "S, 24, 2, false,  85.9, 18.3",
    "L, 24, 1, true,  304.4, 61.6",
    "B, 36, 1, true,  256.7, 52.5",
    "B, 18, 2, true,  256.7, 52.5"
  })
  void deepAndParallel(
      String size, int depth, int parallel, boolean scaled, String millions, double gigas) {
    ViTBuilder builder = preset(size).depth(depth).parallel(parallel);
    ViTSummary summary = (scaled ? builder.layerScale(1e-4) : builder).build().summary();

    assertThat(rounded(summary.parameters() / 1e6, 1)).isEqualTo(millions);
    assertThat(summary.macs() / 1e9).isEqualTo(gigas, within(.1));
  }

  /** From the plain formulas: millions of parameters and giga MACs at 224 pixels. */
  @ParameterizedTest
  @CsvSource({
    "Ti, 12,   5.72,  1.25", "S, 12,  22.05,  4.60", "S, 18,  32.70,  6.87",
    "S, 24,   43.34,  9.14", "S, 36,  64.64, 13.68", "S, 48,  85.93, 18.22",
    "S, 60,  107.22, 22.76", "Ti, 24, 11.06,  2.48", "B, 12,  86.57, 17.56",
    "B, 13,   93.66, 19.02", "B, 18, 129.09, 26.29", "B, 24, 171.62, 35.01",
    "B, 36,  256.68, 52.46", "L, 24, 304.33, 61.55"
  })
  void everyDepth(String size, int depth, String millions, String gigas) {
    ViTSummary summary = preset(size).depth(depth).build().summary();

    assertThat(rounded(summary.parameters() / 1e6, 2)).isEqualTo(millions);
    assertThat(rounded(summary.macs() / 1e9, 2)).isEqualTo(gigas);
  }

  @ParameterizedTest
  @CsvSource({"S, 15.49", "B, 55.48", "L, 191.07"})
  void at384(String size, String gigas) {
    ViTSummary summary = preset(size).imageSize(384).build().summary();

    assertThat(rounded(summary.macs() / 1e9, 2)).isEqualTo(gigas);
  }

  /** timm's vit_small_patch16_36x1 and 18x2, vit_base_patch16_18x2, all with LayerScale. */
  @ParameterizedTest
  @CsvSource({"S, 36, 1, 64.67, 13.71", "S, 18, 2, 64.67, 13.71", "B, 18, 2, 256.73, 52.51"})
  void timm(String size, int depth, int parallel, String millions, double gigas) {
    ViTSummary summary =
        preset(size).depth(depth).parallel(parallel).layerScale(1e-5).build().summary();

    assertThat(rounded(summary.parameters() / 1e6, 2)).isEqualTo(millions);
    assertThat(summary.macs() / 1e9).isEqualTo(gigas, within(.1));
  }

  /** Figures 1 to 3 and table 4: a shape of N blocks of M branches costs what N x M blocks cost. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "B 18x2", "B 12x3", "B 9x4", "S 30x2", "S 20x3", "S 15x4", "S 18x2", "S 12x3", "S 9x4",
        "Ti 12x2", "S 12x2", "B 12x2", "L 12x2", "B 6x2", "S 24x2"
      })
  void parallelCostsWhatSequentialCosts(String name) {
    String[] words = name.split("[ x]");
    int depth = Integer.parseInt(words[1]);
    int parallel = Integer.parseInt(words[2]);

    assertThat(preset(words[0]).depth(depth).parallel(parallel).build().summary().parts())
        .isEqualTo(preset(words[0]).depth(depth * parallel).build().summary().parts());
  }

  /** Three things, table 7 and algorithm 1. */
  @ParameterizedTest
  @ValueSource(strings = {"BATCH_NORM", "LAYER_NORM"})
  void hmlpStem(StemNorm norm) {
    ViTSummary linear = ViT.builder().base().build().summary();
    ViTSummary hmlp = ViT.builder().base().hmlpStem(norm).build().summary();

    assertThat(stem(linear).parameters()).isEqualTo(590_592);
    assertThat(stem(hmlp).parameters()).isEqualTo(749_952);
    assertThat(hmlp.macs() / 1e9).isEqualTo(17.73, within(.03));
    assertThat((hmlp.macs() - linear.macs()) / 1e9).isEqualTo(.145, within(.0005));
    assertThat(stem(hmlp).macs() / 1e6).isEqualTo(28.9 + 115.6 + 115.6, within(.1));
  }

  @Test
  void convStem() {
    ViTSummary conv = ViT.builder().base().convStem().build().summary();

    assertThat(conv.macs() / 1e9).isEqualTo(19.07, within(.05));
  }

  private static ViTSummary.Part stem(ViTSummary summary) {
    return summary.parts().get(0);
  }

  /** Three things, section 4: attention is about a third of the weights. */
  @ParameterizedTest
  @CsvSource({"Ti, .311", "S, .322", "B, .327", "L, .331"})
  void attentionShare(String size, double share) {
    ViTSummary summary = preset(size).build().summary();
    long attention = part(summary, "attention").parameters();

    assertThat((double) attention / summary.parameters()).isEqualTo(share, within(.0005));
    assertThat((double) part(summary, "feed-forward").parameters() / attention)
        .isEqualTo(2, within(.01));
  }

  private static ViTSummary.Part part(ViTSummary summary, String name) {
    return summary.parts().stream().filter(p -> p.name().equals(name)).findAny().orElseThrow();
  }

  /**
   * Scaling Vision Transformers, table 2: no class token, without pool and classifier. Its FLOPs
   * count multiply and add. Where 384 is not divisible by the patch, the paper drops the remainder.
   */
  @ParameterizedTest
  @CsvSource({
    "s/28,  256,  6, 1024,  8,  5.4,   0.7,    2.0",
    "s/16,  256,  6, 1024,  8,  5.0,   2.2,    7.8",
    "S/32,  384, 12, 1536,  6,   22,   2.3,    6.9",
    "Ti/16, 192, 12,  768,  3,  5.5,   2.5,    9.5",
    "B/32,  768, 12, 3072, 12,   87,   8.7,   26.0",
    "S/16,  384, 12, 1536,  6,   22,   9.2,   31.2",
    "B/28,  768, 12, 3072, 12,   87,  11.3,   30.5",
    "B/16,  768, 12, 3072, 12,   86,  35.1,  111.3",
    "L/16, 1024, 24, 4096, 16,  303, 122.9,  382.8",
    "g/14, 1408, 40, 6144, 16, 1011, 533.1, 1596.4",
    "G/14, 1664, 48, 8192, 16, 1843, 965.3, 2859.9"
  })
  void scaling(
      String name,
      int width,
      int depth,
      int mlp,
      int heads,
      String millions,
      double gigas,
      double gigasAt384) {
    int patch = Integer.parseInt(name.substring(name.indexOf('/') + 1));
    ViTSummary at224 = scaled(name, 224);
    ViTSummary at384 = scaled(name, 384 / patch * patch);

    ViTConfig config = at224.config();
    assertThat(config.patchSize()).isEqualTo(patch);
    assertThat(config.width()).isEqualTo(width);
    assertThat(config.depth()).isEqualTo(depth);
    assertThat(config.mlpWidth()).isEqualTo(mlp);
    assertThat(config.heads()).isEqualTo(heads);
    long parameters = encoder(at224).parameters();
    assertThat(rounded(parameters / 1e6, millions.contains(".") ? 1 : 0)).isEqualTo(millions);
    closeTo(2 * encoder(at224).macs() / 1e9, gigas);
    closeTo(2 * encoder(at384).macs() / 1e9, gigasAt384);
  }

  private static ViTSummary scaled(String name, int side) {
    return ViT.builder().variant(name).imageSize(side).pooling(Pooling.MAP).build().summary();
  }

  /** big_vision's decode_variant. */
  @Test
  void hugeAndTheVerbsAreVariantsToo() {
    ViTConfig huge = ViT.builder().variant("H/14").config();
    assertThat(huge.width()).isEqualTo(1280);
    assertThat(huge.depth()).isEqualTo(32);
    assertThat(huge.mlpWidth()).isEqualTo(5120);
    assertThat(ViT.builder().huge().config()).isEqualTo(huge);
    assertThat(ViT.builder().gigantic().config()).isEqualTo(ViT.builder().variant("G/14").config());
    assertThat(ViT.builder().tiny().config()).isEqualTo(ViT.builder().variant("Ti/16").config());
    for (String none : List.of("G", "XL/14", "g/0", "G/14 ", "")) {
      assertThatThrownBy(() -> ViT.builder().variant(none))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("there is no variant '" + none + "'");
    }
  }

  private static ViTSummary.Part encoder(ViTSummary summary) {
    Set<String> left = Set.of("attention pool", "head");
    long parameters = 0;
    long macs = 0;
    for (ViTSummary.Part part : summary.parts()) {
      if (!left.contains(part.name())) {
        parameters += part.parameters();
        macs += part.macs();
      }
    }
    return new ViTSummary.Part("encoder", parameters, macs);
  }

  private static void closeTo(double ours, double printed) {
    assertThat(ours).isEqualTo(printed, within(Math.max(.1, .03 * printed)));
  }
}
