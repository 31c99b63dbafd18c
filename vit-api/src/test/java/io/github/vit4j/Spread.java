package io.github.vit4j;

import io.github.vit4j.config.Activation;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.PositionResampling;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.config.ViTConfig;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** Small architectures that together use every choice a builder has, one or two at a time. */
public final class Spread {

  private Spread() {}

  /** Width 16, two blocks, patches of 8 on a 16x16 image: small enough for any test. */
  public static ViTBuilder small() {
    return ViT.builder().imageSize(16).patchSize(8).width(16).depth(2).heads(2).classes(5);
  }

  /** Width 16, two blocks, one hMLP or convolutional stem's worth of pixels a patch. */
  public static ViTBuilder smallOf16() {
    return ViT.builder().imageSize(32).width(16).depth(2).heads(2).classes(5);
  }

  public static Stream<Named<ViTConfig>> configs() {
    Map<String, ViTBuilder> all = new LinkedHashMap<>();
    all.put("plain", small());
    all.put("parallel, LayerScale", small().parallel(2).layerScale(1e-4));
    all.put("parallel of 3, depth 1", ViT.from(small().config()).depth(1).parallel(3));
    all.put("wide image", ViT.from(small().config()).imageSize(8, 24));
    all.put("tall image, one channel", ViT.from(small().config()).imageSize(24, 16).channels(1));
    all.put("one head", ViT.from(small().config()).heads(1));
    all.put("one patch", ViT.from(small().config()).imageSize(8));
    all.put("one token", ViT.from(small().pooling(Pooling.MEAN).config()).imageSize(8));
    all.put("mean pooling", small().pooling(Pooling.MEAN));
    all.put(
        "mean pooling, norm before, class token",
        small().pooling(Pooling.MEAN).finalNorm(FinalNorm.BEFORE_POOL).classToken(true));
    all.put("map pooling", small().pooling(Pooling.MAP).mlpWidth(24));
    all.put("token pooling, norm after", small().finalNorm(FinalNorm.AFTER_POOL));
    all.put("class token without position", small().classTokenPosition(false));
    all.put("registers", small().registerTokens(3));
    all.put("registers, class token without position", noPosition().registerTokens(3));
    all.put("distilled", small().distillationToken());
    all.put("distilled, registers", small().distillationToken().registerTokens(2));
    all.put("qv bias", small().qkvBias(QkvBias.QV_ONLY));
    all.put("no qkv bias, qk norm", small().qkvBias(QkvBias.NONE).qkNorm());
    all.put("pre-norm", small().preNorm().normEps(1e-5).activation(Activation.QUICK_GELU));
    all.put("tanh GELU", small().activation(Activation.GELU_TANH).mlpRatio(2.5));
    all.put("SwiGLU", small().swiglu().mlpWidth(12));
    all.put("SwiGLU with GELU", small().swiglu().activation(Activation.GELU));
    all.put("sin-cos", small().positionEmbedding(PositionEmbedding.SIN_COS));
    all.put("no positions", small().positionEmbedding(PositionEmbedding.NONE).registerTokens(1));
    all.put("BEiT", beit().relativePosition(RelativePosition.PER_BLOCK));
    all.put("BEiT, shared", beit().relativePosition(RelativePosition.SHARED));
    all.put("BEiT, both", beit().relativePosition(RelativePosition.SHARED_AND_PER_BLOCK));
    all.put("token and mean", small().pooling(Pooling.TOKEN_AND_MEAN).registerTokens(2));
    all.put("distilled, one head", small().distillationToken().distillationHead(false));
    all.put("projection", small().finalNorm(FinalNorm.AFTER_POOL).preNorm().headBias(false));
    all.put("bicubic", small().positionResampling(PositionResampling.BICUBIC));
    all.put("bicubic, offset", small().positionResampling(PositionResampling.BICUBIC_OFFSET));
    all.put("bilinear, corners", small().positionResampling(PositionResampling.BILINEAR_CORNERS));
    all.put("hMLP", smallOf16().hmlpStem());
    all.put("hMLP, LayerNorm", smallOf16().hmlpStem(StemNorm.LAYER_NORM));
    all.put("hMLP, patches of 8", small().hmlpStem(2, 2, 2));
    all.put("conv", smallOf16().convStem());
    all.put("conv, LayerNorm", small().convStem(StemNorm.LAYER_NORM));
    all.put("linear stem without bias", small().linearStem().stemBias(false));
    all.put("drop path", small().dropPath(.2).dropout(.1).attentionDropout(.1).headDropout(.1));
    all.put("drop path, increasing", small().dropPathIncreasing(.3));
    all.put("no head", ViT.from(small().config()).noHead());
    return all.entrySet().stream().map(e -> Named.of(e.getKey(), e.getValue().config()));
  }

  private static ViTBuilder noPosition() {
    return small().classTokenPosition(false);
  }

  private static ViTBuilder beit() {
    return small()
        .pooling(Pooling.MEAN)
        .positionEmbedding(PositionEmbedding.NONE)
        .qkvBias(QkvBias.QV_ONLY)
        .parallel(2)
        .layerScale(.1);
  }
}
