package io.github.vit4j.zoo.description;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.ViT;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.StemKind;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimmConfigTest {

  private static final String SHAPE =
      "\"img_size\": 224, \"patch_size\": 16, \"embed_dim\": 192, \"depth\": 12, \"num_heads\": 3";

  private static ModelDescription parse(String naming, String more) {
    String json = "{%s, \"naming\": \"%s\" %s}".formatted(SHAPE, naming, more);
    return ModelDescription.parse(json, "config.json");
  }

  @Test
  void absentKeysMeanTheReferencesDefaults() {
    ModelDescription reference = parse("timm", "");
    assertThat(reference.family()).isEqualTo("timm");
    assertThat(reference.config()).isEqualTo(ViT.builder().tiny().config());
  }

  @Test
  void beitHasItsOwnDefaults() {
    ViTConfig config = parse("beit", ", \"init_values\": 0.1").config();
    assertThat(config.qkvBias()).isEqualTo(QkvBias.QV_ONLY);
    assertThat(config.pooling()).isEqualTo(Pooling.MEAN);
    assertThat(config.finalNorm()).isEqualTo(FinalNorm.AFTER_POOL);
    assertThat(config.classToken()).isTrue();
    assertThat(config.layerScale()).isEqualTo(.1);
    ViTConfig token = parse("beit", ", \"init_values\": null, \"global_pool\": \"token\"").config();
    assertThat(token.pooling()).isEqualTo(Pooling.TOKEN);
    assertThat(token.finalNorm()).isEqualTo(FinalNorm.BEFORE_POOL);
    assertThat(token.layerScale()).isNull();
  }

  @Test
  void thePapersCodeGivesTheClassTokenNoPosition() {
    assertThat(parse("deit_v2", "").config().classTokenPosition()).isFalse();
  }

  @Test
  void packedSwigluCountsBothHalves() {
    ViTConfig config = parse("timm", ", \"mlp\": \"swiglu_packed\"").config();
    assertThat(config.mlpWidth()).isEqualTo(2 * 192);
  }

  @Test
  void whatSaysNothingAboutTheArchitectureIsIgnored() {
    assertThat(parse("timm", ", \"note\": \"x\", \"new_img_size\": 24, \"trainable\": {}"))
        .isEqualTo(parse("timm", ""));
  }

  @Test
  void stemsHaveKernels() {
    String more = ", \"stem\": \"hmlp\", \"stem_kernels\": [2, 8]";
    assertThat(parse("timm", more).config().stem().kernels()).containsExactly(2, 8);
    assertThat(parse("timm", ", \"stem\": \"conv\"").config().stem().kind())
        .isEqualTo(StemKind.CONV);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          , "stem": "hmlp", "stem_kernels": 4              | 'stem_kernels' is 4; it must be a list
          , "rope": true                                   | not understood and may change
          , "rope": true                                   | [rope]
          , "act": "relu"                                  | 'act' is "relu"; it must be one of [gelu, gelu_tanh
          , "depth": 1.5                                   | 'depth' is 1.5; it must be a whole number
          , "parallel": "2"                                | 'parallel' is "2"; it must be a number
          , "qk_norm": 1                                   | 'qk_norm' is 1; it must be true or false
          , "img_size": [1, 2, 3]                          | 'img_size' is [1,2,3]; it must be one side
          , "layer_scale": false, "init_values": 0.1       | drop one of them
          , "pool": "map", "global_pool": "avg"            | give one of them
          , "embed_dim": 190                               | not divisible by heads
          , "mlp": "swiglu_packed", "mlp_ratio": 1.01      | even number
          , "norm_eps": 1e999                              | 'norm_eps' is
          """)
  void refusalsNameTheKey(String more, String message) {
    String json =
        "{\"naming\": \"timm\" " + more + ", " + SHAPE.replaceAll(pattern(more), "") + "}";
    assertThatThrownBy(() -> ModelDescription.parse(json, "config.json"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(message);
  }

  /** The key that {@code more} gives, where the usual shape gives it, too. */
  private static String pattern(String more) {
    String key = more.substring(more.indexOf('"') + 1, more.indexOf("\":"));
    return "\"" + key + "\": \\d+, ";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          []                    | not a JSON object
          {                     | not JSON
          {}                    | lacks the key 'img_size'
          {"naming": "timm"}    | lacks the key 'img_size'
          {"naming": "huggingface"} | it must be one of [beit, clip, deit_v2, dinov2, flax_npz, timm]
          """)
  void brokenFilesAreRefused(String json, String message) {
    assertThatThrownBy(() -> ModelDescription.parse(json, "config.json"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining(message);
  }

  @Test
  void aMissingFileIsNamed(@TempDir Path folder) {
    assertThatThrownBy(() -> ModelDescription.read(folder.resolve("none.json")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("none.json");
  }
}
