package io.github.vit4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.config.Activation;
import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.PositionResampling;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.Stem;
import io.github.vit4j.config.StemKind;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What each verb of the builder does, and what follows where none is said. */
class ViTBuilderTest {

  @Test
  void withoutAnyVerbItIsViTBase16() {
    ViTConfig c = ViT.builder().config();

    assertThat(c).isEqualTo(ViT.builder().base().config());
    assertThat(c.imageHeight()).isEqualTo(224);
    assertThat(c.imageWidth()).isEqualTo(224);
    assertThat(c.patchSize()).isEqualTo(16);
    assertThat(c.channels()).isEqualTo(3);
    assertThat(c.parallel()).isEqualTo(1);
    assertThat(c.stem()).isEqualTo(Stem.linear());
    assertThat(c.stemBias()).isTrue();
    assertThat(c.classToken()).isTrue();
    assertThat(c.classTokenPosition()).isTrue();
    assertThat(c.registerTokens()).isZero();
    assertThat(c.distillationToken()).isFalse();
    assertThat(c.pooling()).isEqualTo(Pooling.TOKEN);
    assertThat(c.finalNorm()).isEqualTo(FinalNorm.BEFORE_POOL);
    assertThat(c.qkvBias()).isEqualTo(QkvBias.ALL);
    assertThat(c.qkNorm()).isFalse();
    assertThat(c.preNorm()).isFalse();
    assertThat(c.normEps()).isEqualTo(1e-6);
    assertThat(c.activation()).isEqualTo(Activation.GELU);
    assertThat(c.feedForward()).isEqualTo(FeedForwardKind.MLP);
    assertThat(c.positionEmbedding()).isEqualTo(PositionEmbedding.LEARNED);
    assertThat(c.positionResampling()).isEqualTo(PositionResampling.BICUBIC_ANTIALIASED);
    assertThat(c.relativePosition()).isEqualTo(RelativePosition.NONE);
    assertThat(c.headBias()).isTrue();
    assertThat(c.distillationHead()).isFalse();
    assertThat(c.layerScale()).isNull();
    assertThat(c.dropPath() + c.dropout() + c.attentionDropout() + c.headDropout()).isZero();
    assertThat(c.classes()).isEqualTo(1000);
  }

  @ParameterizedTest
  @CsvSource({
    "tiny, 192, 12, 3, 768, 16",
    "small, 384, 12, 6, 1536, 16",
    "base, 768, 12, 12, 3072, 16",
    "large, 1024, 24, 16, 4096, 16",
    "huge, 1280, 32, 16, 5120, 14",
    "giant, 1408, 40, 16, 6144, 14",
    "gigantic, 1664, 48, 16, 8192, 14"
  })
  void presets(String name, int width, int depth, int heads, int mlpWidth, int patch) {
    ViTConfig c = preset(name, ViT.builder()).config();

    assertThat(List.of(c.width(), c.depth(), c.heads(), c.mlpWidth(), c.patchSize()))
        .containsExactly(width, depth, heads, mlpWidth, patch);
    assertThat(c.imageHeight()).isEqualTo(224);
  }

  private static ViTBuilder preset(String name, ViTBuilder b) {
    return switch (name) {
      case "tiny" -> b.tiny();
      case "small" -> b.small();
      case "base" -> b.base();
      case "large" -> b.large();
      case "huge" -> b.huge();
      case "giant" -> b.giant();
      default -> b.gigantic();
    };
  }

  @Test
  void verbsAdjustAPresetWhateverTheOrder() {
    ViTConfig before = ViT.builder().depth(18).heads(12).patchSize(32).small().config();
    ViTConfig after = ViT.builder().small().patchSize(32).heads(12).depth(18).config();

    assertThat(before).isEqualTo(after);
    assertThat(before.depth()).isEqualTo(18);
    assertThat(before.heads()).isEqualTo(12);
    assertThat(before.patchSize()).isEqualTo(32);
    assertThat(before.mlpWidth()).isEqualTo(1536);
  }

  @Test
  void everyVerbSetsItsOwnComponent() {
    ViTConfig c =
        ViT.builder()
            .imageSize(32, 64)
            .patchSize(8)
            .channels(4)
            .width(24)
            .depth(3)
            .parallel(2)
            .heads(3)
            .mlpWidth(40)
            .hmlpStem(StemNorm.LAYER_NORM, 4, 2)
            .stemBias(false)
            .classToken(true)
            .classTokenPosition(false)
            .registerTokens(2)
            .pooling(Pooling.MEAN)
            .finalNorm(FinalNorm.BEFORE_POOL)
            .qkvBias(QkvBias.NONE)
            .qkNorm()
            .preNorm()
            .normEps(1e-5)
            .activation(Activation.SILU)
            .swiglu()
            .positionEmbedding(PositionEmbedding.SIN_COS)
            .positionResampling(PositionResampling.BICUBIC)
            .relativePosition(RelativePosition.NONE)
            .layerScale(1e-4)
            .dropPathIncreasing(.3)
            .dropout(.1)
            .attentionDropout(.2)
            .headDropout(.4)
            .headBias(false)
            .classes(7)
            .config();

    assertThat(c)
        .isEqualTo(
            new ViTConfig(
                32,
                64,
                8,
                4,
                24,
                3,
                2,
                3,
                40,
                Stem.hmlp(StemNorm.LAYER_NORM, List.of(4, 2)),
                false,
                true,
                false,
                2,
                false,
                false,
                Pooling.MEAN,
                FinalNorm.BEFORE_POOL,
                QkvBias.NONE,
                true,
                true,
                1e-5,
                Activation.SILU,
                FeedForwardKind.SWIGLU,
                PositionEmbedding.SIN_COS,
                PositionResampling.BICUBIC,
                RelativePosition.NONE,
                1e-4,
                .3,
                true,
                .1,
                .2,
                .4,
                false,
                7));
    assertThat(c.gridHeight()).isEqualTo(4);
    assertThat(c.gridWidth()).isEqualTo(8);
    assertThat(c.patches()).isEqualTo(32);
    assertThat(c.prefixTokens()).isEqualTo(3);
    assertThat(c.tokens()).isEqualTo(35);
    assertThat(c.prefixPositions()).isZero();
    assertThat(c.headWidth()).isEqualTo(8);
    assertThat(c.relativePositions()).isEqualTo(7 * 15 + 3);
    assertThat(List.of(c.dropPathAt(0), c.dropPathAt(1), c.dropPathAt(2)))
        .containsExactly(0.0, .15, .3);
  }

  @Test
  void theOtherVerbsToo() {
    assertThat(ViT.builder().distillationToken().config().distillationToken()).isTrue();
    assertThat(ViT.builder().distillationToken().config().prefixPositions()).isEqualTo(2);
    assertThat(ViT.builder().distillationToken().config().distillationHead()).isTrue();
    assertThat(
            ViT.builder().distillationToken().distillationHead(false).config().distillationHead())
        .isFalse();
    assertThat(ViT.builder().pooling(Pooling.TOKEN_AND_MEAN).config().pooledWidth())
        .isEqualTo(1536);
    assertThat(ViT.builder().config().pooledWidth()).isEqualTo(768);
    assertThat(ViT.builder().hmlpStem().config().stem())
        .isEqualTo(Stem.hmlp(StemNorm.BATCH_NORM, List.of(4, 2, 2)));
    assertThat(ViT.builder().hmlpStem(8, 2).config().stem().kernels()).containsExactly(8, 2);
    assertThat(ViT.builder().convStem().config().stem()).isEqualTo(Stem.conv(StemNorm.BATCH_NORM));
    assertThat(ViT.builder().convStem(StemNorm.LAYER_NORM).config().stem().kind())
        .isEqualTo(StemKind.CONV);
    assertThat(ViT.builder().linearStem().config().stem()).isEqualTo(Stem.linear());
    assertThat(ViT.builder().noHead().config().classes()).isZero();
    assertThat(ViT.builder().dropPath(.1).config().dropPathAt(0)).isEqualTo(.1);
    assertThat(ViT.builder().tiny().mlpRatio(8 / 3.).config().mlpWidth()).isEqualTo(512);
    assertThat(ViT.builder().tiny().mlpRatio(2.667).config().mlpWidth()).isEqualTo(512);
    assertThat(ViT.builder().depth(1).dropPathIncreasing(.3).config().dropPathAt(0)).isEqualTo(.3);
  }

  @Test
  void someDefaultsFollowFromOtherChoices() {
    ViTConfig mean = ViT.builder().pooling(Pooling.MEAN).config();
    assertThat(mean.classToken()).isFalse();
    assertThat(mean.classTokenPosition()).isFalse();
    assertThat(mean.finalNorm()).isEqualTo(FinalNorm.AFTER_POOL);

    ViTConfig map = ViT.builder().pooling(Pooling.MAP).config();
    assertThat(map.classToken()).isFalse();
    assertThat(map.finalNorm()).isEqualTo(FinalNorm.BEFORE_POOL);

    ViTConfig both = ViT.builder().pooling(Pooling.TOKEN_AND_MEAN).config();
    assertThat(both.classToken()).isTrue();
    assertThat(both.finalNorm()).isEqualTo(FinalNorm.BEFORE_POOL);

    ViTConfig asked = ViT.builder().pooling(Pooling.MEAN).classToken(true).config();
    assertThat(asked.classToken()).isTrue();
    assertThat(asked.classTokenPosition()).isTrue();

    ViTConfig beit =
        ViT.builder().pooling(Pooling.MEAN).relativePosition(RelativePosition.PER_BLOCK).config();
    assertThat(beit.classToken()).isTrue();

    assertThat(ViT.builder().swiglu().config().activation()).isEqualTo(Activation.SILU);
    assertThat(ViT.builder().preNorm().config().stemBias()).isFalse();
    assertThat(ViT.builder().width(96).config().mlpWidth()).isEqualTo(4 * 96);
    assertThat(ViT.builder().giant().width(704).config().mlpWidth()).isEqualTo(3072);
  }

  private static List<UnaryOperator<ViTBuilder>> twice() {
    return List.of(
        b -> b.tiny().tiny(),
        b -> b.small().large(),
        b -> b.imageSize(32).imageSize(32, 32),
        b -> b.patchSize(8).patchSize(8),
        b -> b.channels(1).channels(1),
        b -> b.width(8).width(8),
        b -> b.depth(8).depth(8),
        b -> b.parallel(2).parallel(2),
        b -> b.heads(2).heads(2),
        b -> b.mlpWidth(8).mlpRatio(4),
        b -> b.linearStem().hmlpStem(),
        b -> b.convStem().convStem(StemNorm.LAYER_NORM),
        b -> b.hmlpStem().hmlpStem(4, 4),
        b -> b.stemBias(true).stemBias(true),
        b -> b.classToken(true).classToken(true),
        b -> b.classTokenPosition(true).classTokenPosition(true),
        b -> b.registerTokens(0).registerTokens(0),
        b -> b.distillationToken().distillationToken(),
        b -> b.distillationHead(true).distillationHead(true),
        b -> b.pooling(Pooling.MAP).pooling(Pooling.MAP),
        b -> b.finalNorm(FinalNorm.AFTER_POOL).finalNorm(FinalNorm.AFTER_POOL),
        b -> b.qkvBias(QkvBias.NONE).qkvBias(QkvBias.NONE),
        b -> b.qkNorm().qkNorm(),
        b -> b.preNorm().preNorm(),
        b -> b.normEps(.1).normEps(.1),
        b -> b.activation(Activation.SILU).activation(Activation.SILU),
        b -> b.swiglu().swiglu(),
        b -> b.positionEmbedding(PositionEmbedding.NONE).positionEmbedding(PositionEmbedding.NONE),
        b ->
            b.positionResampling(PositionResampling.BICUBIC)
                .positionResampling(PositionResampling.BICUBIC),
        b -> b.relativePosition(RelativePosition.NONE).relativePosition(RelativePosition.NONE),
        b -> b.layerScale(1).layerScale(1),
        b -> b.dropPath(.1).dropPathIncreasing(.1),
        b -> b.dropout(.1).dropout(.1),
        b -> b.attentionDropout(.1).attentionDropout(.1),
        b -> b.headDropout(.1).headDropout(.1),
        b -> b.headBias(true).headBias(true),
        b -> b.classes(3).noHead(),
        b -> b.seed(1).seed(1),
        b -> b.zeroHead().zeroHead());
  }

  @ParameterizedTest
  @MethodSource("twice")
  void eachChoiceCanBeMadeOnce(UnaryOperator<ViTBuilder> twice) {
    assertThatThrownBy(() -> twice.apply(ViT.builder()))
        .isInstanceOf(BadInputException.class)
        .hasMessageMatching(
            "[a-zA-Z ]+ was already chosen on this builder; choose it once, or start a new"
                + " builder");
  }

  @Test
  void aBuilderMayBeBuiltFromMoreThanOnce() {
    ViTBuilder builder = Spread.small();

    assertThat(builder.build().config()).isEqualTo(builder.build().config());
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void startsFromAnyConfiguration(ViTConfig config) {
    assertThat(ViT.from(config).config()).isEqualTo(config);
    assertThat(ViT.of(config).config()).isEqualTo(config);
    assertThat(ViT.from(config).classes(9).config()).isEqualTo(config.withClasses(9));
  }

  @Test
  void aConfigurationKeepsWhatWouldFollowByDefault() {
    ViTConfig config = Spread.small().config();

    assertThat(ViT.from(config).swiglu().config().activation()).isEqualTo(Activation.GELU);
    assertThat(ViT.from(config).preNorm().config().stemBias()).isTrue();
    ViTConfig mean = ViT.from(config).pooling(Pooling.MEAN).config();
    assertThat(mean.classToken()).isTrue();
    assertThat(mean.finalNorm()).isEqualTo(FinalNorm.BEFORE_POOL);
  }
}
