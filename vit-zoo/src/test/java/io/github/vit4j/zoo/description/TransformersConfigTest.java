package io.github.vit4j.zoo.description;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.config.Activation;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.PositionResampling;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TransformersConfigTest {

  private static final Path CASES = Path.of("src/test/resources/fixtures_hf");

  private static ModelDescription parse(String json) {
    return ModelDescription.parse(json, "config.json");
  }

  private static ModelDescription kind(String type, String more) {
    return parse("{\"model_type\": \"%s\" %s}".formatted(type, more));
  }

  static List<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theShortFormMeansTheFullOne(Path folder) {
    ModelDescription full = ModelDescription.read(folder.resolve("config_full.json"));

    assertThat(ModelDescription.read(folder.resolve("config.json"))).isEqualTo(full);
    assertThat(full.classes()).hasSize(full.config().classes());
  }

  @Test
  void labelsStandInTheOrderOfTheirNumbers() {
    assertThat(ModelDescription.read(CASES.resolve("vit/config.json")).classes())
        .startsWith("tench, Tinca tinca", "goldfish", "great white shark", "cr\u00eape")
        .endsWith("junco \"snowbird\"");
  }

  private static ViTBuilder headless() {
    return ViT.builder().noHead().positionResampling(PositionResampling.BICUBIC);
  }

  /** The defaults of the configuration classes of transformers 5.18. */
  private static Stream<Arguments> defaults() {
    return Stream.of(
        Arguments.of("vit", headless().normEps(1e-12)),
        Arguments.of("vit_mae", headless().normEps(1e-12)),
        Arguments.of("deit", headless().normEps(1e-12).distillationToken().distillationHead(false)),
        Arguments.of(
            "beit",
            headless()
                .normEps(1e-12)
                .qkvBias(QkvBias.QV_ONLY)
                .positionEmbedding(PositionEmbedding.NONE)
                .pooling(Pooling.MEAN)
                .classToken(true)
                .layerScale(.1)
                .dropPathIncreasing(.1)),
        Arguments.of("dinov2", headless().patchSize(14).layerScale(1)),
        Arguments.of(
            "dinov2_with_registers", ViT.builder().noHead().registerTokens(4).layerScale(1)),
        Arguments.of("clip_vision_model", clip()),
        Arguments.of("clip", clip()),
        Arguments.of("siglip_vision_model", siglip()),
        Arguments.of("siglip", siglip()));
  }

  private static ViTBuilder clip() {
    return headless()
        .patchSize(32)
        .normEps(1e-5)
        .activation(Activation.QUICK_GELU)
        .preNorm()
        .finalNorm(FinalNorm.AFTER_POOL);
  }

  private static ViTBuilder siglip() {
    return headless().activation(Activation.GELU_TANH).pooling(Pooling.MAP);
  }

  @ParameterizedTest
  @MethodSource("defaults")
  void whatIsAbsentHasTheDefaultOfItsKind(String type, ViTBuilder expected) {
    ViTConfig config = kind(type, "").config();
    assertThat(config).isEqualTo(expected.config());
  }

  @Test
  void classesSayWhichHead() {
    assertThat(kind("vit", ", \"architectures\": [\"ViTForImageClassification\"]").config())
        .satisfies(c -> assertThat(c.classes()).isEqualTo(2));
    ViTConfig teacher =
        kind("deit", ", \"architectures\": [\"DeiTForImageClassificationWithTeacher\"]").config();
    assertThat(teacher.distillationHead()).isTrue();
    ViTConfig dinov2 =
        kind("dinov2", ", \"architectures\": [\"Dinov2ForImageClassification\"], \"num_labels\": 7")
            .config();
    assertThat(dinov2.pooling()).isEqualTo(Pooling.TOKEN_AND_MEAN);
    assertThat(dinov2.classes()).isEqualTo(7);
    ViTConfig projection =
        kind("clip_vision_model", ", \"architectures\": [\"CLIPVisionModelWithProjection\"]")
            .config();
    assertThat(projection.classes()).isEqualTo(512);
    assertThat(projection.headBias()).isFalse();
  }

  @Test
  void aPairsTowerIsNested() {
    ViTConfig tower =
        kind(
                "clip",
                """
                , "architectures": ["CLIPModel"], "projection_dim": 768, "hidden_size": 5,
                "text_config": {"hidden_size": 768},
                "vision_config": {"hidden_size": 768, "patch_size": 14, "projection_dim": 3},
                "vision_config_dict": {"hidden_size": 1024, "num_attention_heads": 16}
                """)
            .config();
    assertThat(tower.width()).isEqualTo(1024);
    assertThat(tower.heads()).isEqualTo(16);
    assertThat(tower.patchSize()).isEqualTo(14);
    assertThat(tower.classes()).isEqualTo(768);
    assertThat(kind("siglip", ", \"vision_config\": {\"vision_use_head\": false}").config())
        .satisfies(c -> assertThat(c.pooling()).isEqualTo(Pooling.MEAN));
  }

  @Test
  void bothOfBeitsTablesMayBeThere() {
    String both =
        ", \"use_relative_position_bias\": true, \"use_shared_relative_position_bias\": true";
    assertThat(kind("beit", both).config().relativePosition())
        .isEqualTo(RelativePosition.SHARED_AND_PER_BLOCK);
  }

  @Test
  void whatDoesNotChangeTheNumbersIsIgnored() {
    String more =
        """
        , "torch_dtype": "float16", "dtype": "bfloat16", "_attn_implementation": "sdpa",
        "pruned_heads": {}, "output_attentions": true, "task_specific_params": null, "x": [{}]
        """;
    assertThat(kind("vit", more)).isEqualTo(kind("vit", ""));
  }

  @Test
  void withoutAFileImagesArePreparedAsTheKindsProcessorDoes() {
    EvalTransform vit = kind("vit", ", \"image_size\": 64").preprocessing();
    assertThat(vit.mean()).isEqualTo(EvalTransform.INCEPTION_MEAN);
    assertThat(vit.height()).isEqualTo(64);
    EvalTransform clip = kind("clip", "").preprocessing();
    assertThat(clip.mean()).isEqualTo(EvalTransform.CLIP_MEAN);
    assertThat(clip.cropRatio()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          swin   |                                   | not a Vision Transformer that vit4j builds: swin; known are [beit, clip,
          vit    | , "hidden_act": "relu"            | 'hidden_act' is "relu"; it must be one of [gelu,
          vit    | , "architectures": ["ViTHybrid"]  | 'architectures' is ViTHybrid; of model_type vit vit4j builds [ViTFor
          clip   | , "architectures": ["CLIPForImageClassification"] | 'architectures' is CLIPForImageClassification
          beit   | , "architectures": ["BeitForMaskedImageModeling"] | vit4j builds [BeitForImageClassification, BeitModel]
          vit    | , "architectures": "ViTModel"     | 'architectures' is "ViTModel"; it must be a list
          vit    | , "quantization_config": {"a": 1} | 'quantization_config' changes the weights
          vit    | , "pruned_heads": {"0": [1]}      | 'pruned_heads' changes the weights
          vit    | , "patch_size": [8, 16]           | 'patch_size' is 8 x 16; patches are square
          vit    | , "patch_size": 15                | not divisible by patch size 15
          vit    | , "num_attention_heads": 7        | not divisible by heads 7
          vit    | , "hidden_size": "768"            | 'hidden_size' is "768"; it must be a number
          clip   | , "vision_config": [1]            | 'vision_config' is [1]; it must be an object
          """)
  void aValueThatIsNotBuiltIsNamed(String type, String more, String message) {
    assertThatThrownBy(() -> kind(type, more == null ? "" : more))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("config.json")
        .hasMessageContaining(message);
  }

  @Test
  void labelsMustCountFromZero() {
    String gap = "\"id2label\": {\"0\": \"a\", \"2\": \"b\"}";
    assertThatThrownBy(
            () -> kind("vit", ", \"architectures\": [\"ViTForImageClassification\"], " + gap))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'id2label' has 2 entries, but none for class 1");
  }
}
