package io.github.vit4j.zoo.description;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.ViT;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimmHubConfigTest {

  private static final String PRETRAINED =
      """
      "pretrained_cfg": {"tag": "augreg_in1k", "custom_load": false, "input_size": [3, 384, 384],
        "fixed_input_size": true, "interpolation": "bilinear", "crop_pct": 1.0,
        "crop_mode": "squash", "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5],
        "num_classes": 1000, "pool_size": null, "first_conv": "patch_embed.proj",
        "classifier": "head"}
      """;

  @TempDir Path folder;

  private ModelDescription read(String json) throws IOException {
    Path file = folder.resolve("config.json");
    Files.writeString(file, json);
    return ModelDescription.read(
        file,
        name ->
            name.equals("vit_tiny_patch16_224")
                ? Optional.of(ViT.builder().tiny().config())
                : Optional.empty());
  }

  @Test
  void theNameGivesTheArchitecture() throws IOException {
    ModelDescription read =
        read(
            """
            {"architecture": "vit_tiny_patch16_224", "num_classes": 7, "num_features": 192,
             "global_pool": "token", %s}"""
                .formatted(PRETRAINED));

    assertThat(read.config()).isEqualTo(ViT.builder().tiny().imageSize(384).classes(7).config());
    EvalTransform preprocessing = read.preprocessing();
    assertThat(preprocessing.height()).isEqualTo(384);
    assertThat(preprocessing.cropRatio()).isEqualTo(1);
    assertThat(preprocessing.mean()).isEqualTo(EvalTransform.INCEPTION_MEAN);
    assertThat(read.family()).isEqualTo("timm");
  }

  @Test
  void argumentsChangeIt() throws IOException {
    ViTConfig config =
        read("""
                {"architecture": "vit_tiny_patch16_224", "num_classes": 0,
                 "model_args": {"img_size": 64, "depth": 3, "embed_dim": 96, "reg_tokens": 4,
                   "global_pool": "avg", "class_token": false, "init_values": 1e-5,
                   "mlp_ratio": 3, "dynamic_img_size": true}}""")
            .config();

    assertThat(config)
        .isEqualTo(
            ViT.builder()
                .tiny()
                .imageSize(64)
                .depth(3)
                .width(96)
                .registerTokens(4)
                .pooling(Pooling.MEAN)
                .finalNorm(FinalNorm.AFTER_POOL)
                .layerScale(1e-5)
                .mlpRatio(3)
                .noHead()
                .config());
  }

  @Test
  void theOlderFormIsFlatAndLabelsHaveDescriptions() throws IOException {
    ModelDescription read =
        read(
            """
            {"architecture": "vit_tiny_patch16_224", "num_classes": 2, "mean": [0.5, 0.5, 0.5],
             "std": [0.5, 0.5, 0.5], "crop_pct": 0.9, "input_size": [3, 224, 224],
             "label_names": ["n01", "n02"], "label_descriptions": {"n02": "goldfish"}}""");

    assertThat(read.preprocessing().cropRatio()).isEqualTo(.9);
    assertThat(read.classes()).containsExactly("n01", "goldfish");
  }

  @Test
  void anUnknownNameSaysWhatToDo() {
    assertThatThrownBy(() -> read("{\"architecture\": \"resnet50\"}"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("config.json")
        .hasMessageContaining("'architecture' is resnet50, which vit4j does not know by name;")
        .hasMessageContaining("img_size, patch_size");
  }

  @Test
  void anUnknownArgumentIsNamed() {
    assertThatThrownBy(
            () ->
                read("{\"architecture\": \"vit_tiny_patch16_224\", \"model_args\": {\"rope\": 1}}"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("model_args has keys that are not understood")
        .hasMessageContaining("[rope]");
  }
}
