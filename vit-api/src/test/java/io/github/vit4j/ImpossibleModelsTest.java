package io.github.vit4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.Stem;
import io.github.vit4j.config.StemKind;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.error.BadInputException;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model that cannot be, and the words that say what to do instead. */
class ImpossibleModelsTest {

  private static Arguments at(String message, UnaryOperator<ViTBuilder> choices) {
    return arguments(message, choices);
  }

  private static Stream<Arguments> values() {
    return Stream.of(
        at("image height must be at least 1, but is 0", b -> b.imageSize(0)),
        at("image width must be at least 1, but is -16", b -> b.imageSize(16, -16)),
        at("patchSize must be at least 1, but is 0", b -> b.patchSize(0)),
        at("channels must be at least 1, but is 0", b -> b.channels(0)),
        at("width must be at least 1, but is 0", b -> b.width(0)),
        at("depth must be at least 1, but is 0", b -> b.depth(0)),
        at("parallel must be at least 1, but is 0", b -> b.parallel(0)),
        at("heads must be at least 1, but is -1", b -> b.heads(-1)),
        at("mlpWidth must be at least 1, but is 0", b -> b.mlpWidth(0)),
        at("mlpRatio must lie in (0, 1000], but is 0.0", b -> b.mlpRatio(0)),
        at("mlpRatio must lie in (0, 1000], but is NaN", b -> b.mlpRatio(Double.NaN)),
        at("registerTokens must be at least 0, but is -1", b -> b.registerTokens(-1)),
        at("normEps must lie in (0, 1), but is 0.0", b -> b.normEps(0)),
        at("normEps must lie in (0, 1), but is NaN", b -> b.normEps(Double.NaN)),
        at("layerScale must be a finite number, but is NaN", b -> b.layerScale(Double.NaN)),
        at("dropPath must lie in [0, 1), but is 1.0", b -> b.dropPath(1)),
        at("dropPath must lie in [0, 1), but is -0.1", b -> b.dropPathIncreasing(-.1)),
        at("dropout must lie in [0, 1), but is NaN", b -> b.dropout(Double.NaN)),
        at("attentionDropout must lie in [0, 1), but is 2.0", b -> b.attentionDropout(2)),
        at("headDropout must lie in [0, 1), but is 1.5", b -> b.headDropout(1.5)),
        at("classes must be at least 0, but is -1", b -> b.classes(-1)),
        at("an hMLP stem needs 2 to 16 layers, but has 1 kernels", b -> b.hmlpStem(16)),
        at("hMLP kernels must be at least 1, but are [0, 4]", b -> b.hmlpStem(0, 4)));
  }

  private static Stream<Arguments> combinations() {
    return Stream.of(
        at("width 100 is not divisible by heads 3; use 96 or 102", b -> b.width(100).heads(3)),
        at("width 4 is not divisible by heads 8; use 8", b -> b.width(4).heads(8)),
        at(
            "image height 225 is not divisible by patch size 16; use 224 or 240",
            b -> b.imageSize(225, 224)),
        at("image width 8 is not divisible by patch size 16; use 16", b -> b.imageSize(224, 8)),
        at(
            "image height 384 is not divisible by patch size 14; use 378 or 392",
            b -> b.huge().imageSize(384)),
        at(
            "image height 384 is not divisible by patch size 28; use 364 or 392",
            b -> b.patchSize(28).imageSize(384)),
        at(
            "hMLP kernels [4, 2, 2] make patches of 16 pixels, but the patch size is 14; give"
                + " kernels whose product is 14, such as hmlpStem(7, 2, 1)",
            b -> b.huge().hmlpStem()),
        at(
            "hMLP kernels [4, 2, 2] make patches of 16 pixels, but the patch size is 8; give"
                + " kernels whose product is 8, such as hmlpStem(2, 2, 2)",
            b -> b.patchSize(8).hmlpStem()),
        at(
            "hMLP kernels [65536, 65536, 1] make patches of 2147483647 pixels",
            b -> b.hmlpStem(65536, 65536, 1)),
        at(
            "an hMLP stem starts with a quarter of the width, but width 18 is not divisible by 4;"
                + " use 20",
            b -> b.width(18).heads(2).hmlpStem()),
        at(
            "a convolutional stem halves the image at each layer, but patch size 14 is not a power"
                + " of 2; use 8, 16 or 32",
            b -> b.huge().convStem()),
        at(
            "a convolutional stem doubles its channels 3 times up to the width, but width 20 is"
                + " not divisible by 8",
            b -> b.width(20).heads(2).convStem()),
        at(
            "token pooling needs a class token; keep the class token or pool by mean or map",
            b -> b.classToken(false)),
        at(
            "class token and mean together need the final norm before pooling",
            b -> b.pooling(Pooling.TOKEN_AND_MEAN).finalNorm(FinalNorm.AFTER_POOL)),
        at(
            "a distillation token needs a class token and token pooling",
            b -> b.distillationToken().pooling(Pooling.MEAN)),
        at(
            "a distillation token needs the final norm before pooling",
            b -> b.distillationToken().finalNorm(FinalNorm.AFTER_POOL)),
        at(
            "the relative position bias knows patches and a class token only; drop register and"
                + " distillation tokens",
            b -> b.relativePosition(RelativePosition.PER_BLOCK).registerTokens(1)),
        at(
            "the relative position bias knows patches and a class token only",
            b -> b.relativePosition(RelativePosition.SHARED).distillationToken()),
        at(
            "the relative position bias has entries for a class token; keep the class token",
            b ->
                b.relativePosition(RelativePosition.SHARED)
                    .pooling(Pooling.MEAN)
                    .classToken(false)),
        at(
            "sin-cos positions need a width divisible by 4, but width is 18; use 20",
            b -> b.width(18).heads(2).positionEmbedding(PositionEmbedding.SIN_COS)));
  }

  /** A configuration may come from a file that lies: it must not overflow or eat the memory. */
  private static Stream<Arguments> monsters() {
    int huge = Integer.MAX_VALUE;
    return Stream.of(
        at("image sides must lie between 1 and 65536 pixels", b -> b.imageSize(huge)),
        at("makes 4294967296 patches of 1 pixels", b -> b.imageSize(65536).patchSize(1)),
        at("patchSize must lie between 1 and 65536", b -> b.patchSize(huge)),
        at("channels must lie between 1 and 4096", b -> b.channels(huge)),
        at("width must lie between 1 and 65536", b -> b.width(huge).mlpWidth(1)),
        at("depth must lie between 1 and 4096", b -> b.depth(huge)),
        at("parallel must lie between 1 and 4096", b -> b.parallel(huge)),
        at(
            "depth 65 times parallel 64 must be at most 4096 branches",
            b -> b.depth(65).parallel(64)),
        at("heads must lie between 1 and 65536", b -> b.heads(huge)),
        at("mlpWidth must lie between 1 and 1048576", b -> b.mlpWidth(huge)),
        at("mlpWidth must lie between 1 and 1048576", b -> b.width(65536).heads(16).mlpRatio(1000)),
        at("registerTokens must lie between 0 and 65536", b -> b.registerTokens(huge)),
        at("classes (0 for no head) must lie between 0 and 16777216", b -> b.classes(huge)));
  }

  @ParameterizedTest
  @MethodSource("values")
  void aValueIsRefusedWhereItIsGiven(String message, UnaryOperator<ViTBuilder> choices) {
    assertThatThrownBy(() -> choices.apply(ViT.builder()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @MethodSource({"combinations", "monsters"})
  void aCombinationIsRefusedWhenBuilt(String message, UnaryOperator<ViTBuilder> choices) {
    ViTBuilder builder = choices.apply(ViT.builder());

    assertThatThrownBy(builder::config)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
    assertThatThrownBy(builder::build)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theRemediesWork() {
    assertThat(ViT.builder().width(96).heads(3).config().headWidth()).isEqualTo(32);
    assertThat(ViT.builder().width(102).heads(3).config().headWidth()).isEqualTo(34);
    assertThat(ViT.builder().huge().hmlpStem(7, 2, 1).config().stem().kernels())
        .containsExactly(7, 2, 1);
    assertThat(ViT.builder().huge().imageSize(378).config().gridWidth()).isEqualTo(27);
  }

  @Test
  void stemsTakeOnlyTheirOwnKernels() {
    assertThatThrownBy(() -> new Stem(StemKind.CONV, StemNorm.BATCH_NORM, List.of(4)))
        .isInstanceOf(BadInputException.class)
        .hasMessage("a CONV stem takes no kernels, but got [4]");
  }
}
