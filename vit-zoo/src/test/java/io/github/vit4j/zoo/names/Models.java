package io.github.vit4j.zoo.names;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.util.List;

/** Small models that differ in the parts that have names. */
public final class Models {

  private Models() {}

  /**
   * Width, heads, hidden width, depth, channels and classes all differ, so no axes are mixed up.
   */
  public static ViTBuilder tiny() {
    return ViT.builder()
        .imageSize(16, 32)
        .patchSize(8)
        .channels(2)
        .width(12)
        .heads(3)
        .mlpWidth(20)
        .depth(2)
        .classes(5);
  }

  static ViTBuilder tinyBeit() {
    return tiny().qkvBias(QkvBias.QV_ONLY);
  }

  /** One or more for each part that any family has a name of its own for. */
  public static List<ViTConfig> spread() {
    return List.of(
        tiny().config(),
        tiny().layerScale(.1).config(),
        tiny().parallel(2).config(),
        tiny().parallel(2).layerScale(.1).classTokenPosition(false).config(),
        tiny().parallel(3).layerScale(.1).qkNorm().config(),
        tiny().hmlpStem(4, 2).layerScale(.1).config(),
        tiny().hmlpStem(StemNorm.LAYER_NORM, 2, 2, 2).parallel(2).config(),
        tiny().convStem().config(),
        tiny().qkvBias(QkvBias.NONE).preNorm().config(),
        tiny().swiglu().registerTokens(3).layerScale(.1).config(),
        tiny().distillationToken().config(),
        tiny().pooling(Pooling.MAP).config(),
        tiny().pooling(Pooling.MEAN).config(),
        ViT.from(tiny().positionEmbedding(PositionEmbedding.SIN_COS).config()).noHead().config(),
        tinyBeit().layerScale(.1).relativePosition(RelativePosition.PER_BLOCK).config(),
        tinyBeit().positionEmbedding(PositionEmbedding.NONE).pooling(Pooling.MEAN).config(),
        tinyBeit().relativePosition(RelativePosition.SHARED).config(),
        tinyBeit()
            .relativePosition(RelativePosition.SHARED_AND_PER_BLOCK)
            .pooling(Pooling.MEAN)
            .config(),
        tiny().pooling(Pooling.TOKEN_AND_MEAN).layerScale(.1).swiglu().config(),
        tiny().distillationToken().distillationHead(false).config(),
        tiny().preNorm().finalNorm(FinalNorm.AFTER_POOL).headBias(false).config(),
        ViT.from(tiny().pooling(Pooling.MAP).config()).noHead().config(),
        tinyBeit().parallel(2).relativePosition(RelativePosition.PER_BLOCK).config());
  }

  /** A model in which no two numbers are equal. */
  static VisionTransformer distinct(ViTConfig config, NDManager manager) {
    VisionTransformer model = ViT.of(config);
    int[] next = {1};
    model.initialize(
        manager,
        (parameter, owner) -> {
          float[] values = new float[(int) parameter.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = next[0]++ * 0x1p-10f;
          }
          return owner.create(values, parameter.shape());
        });
    return model;
  }

  static void assertSameValues(VisionTransformer actual, VisionTransformer expected) {
    List<ViTParameter> ours = actual.namedParameters();
    List<ViTParameter> theirs = expected.namedParameters();
    assertThat(ours).hasSameSizeAs(theirs);
    for (int i = 0; i < ours.size(); i++) {
      assertThat(ours.get(i).path()).isEqualTo(theirs.get(i).path());
      assertThat(ours.get(i).array().toFloatArray())
          .as(ours.get(i).path())
          .containsExactly(theirs.get(i).array().toFloatArray());
    }
  }
}
