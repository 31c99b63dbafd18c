package io.github.vit4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import io.github.vit4j.zoo.checkpoint.TensorType;
import io.github.vit4j.zoo.names.NameConverters;
import io.github.vit4j.zoo.names.WeightSaver;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders as other libraries leave them, opened, saved and opened again. */
class OtherLibrariesTest {

  private static final Path TRANSFORMERS = Path.of("src/test/resources/fixtures_hf");
  private static final Path AUTHORS = Path.of("src/test/resources/fixtures_authors");

  @TempDir Path folder;

  static List<Path> folders() throws IOException {
    try (Stream<Path> all = Stream.concat(Files.list(TRANSFORMERS), Files.list(AUTHORS))) {
      return all.filter(f -> Files.exists(f.resolve("weights.safetensors"))).sorted().toList();
    }
  }

  private static List<RgbImage> images() {
    byte[] rgb = new byte[50 * 40 * 3];
    new Random(1).nextBytes(rgb);
    return List.of(RgbImage.of(50, 40, rgb));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void whatWeSaveIsWhatWeOpened(Path theirs) {
    Path ours = folder.resolve("ours.safetensors");
    try (ViTModel opened = ViTModel.open(theirs)) {
      opened.save(ours, TensorType.F32);
      try (ViTModel again = ViTModel.open(ours)) {
        assertThat(again.network().config()).isEqualTo(opened.network().config());
        assertThat(again.preprocessing()).isEqualTo(opened.preprocessing());
        assertThat(again.labels()).isEqualTo(opened.labels());
        assertThat(again.embed(images())).isDeepEqualTo(opened.embed(images()));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("folders")
  void transformersReadsWhatWeSaveForIt(Path theirs) {
    Path ours = folder.resolve("ours.safetensors");
    try (ViTModel opened = ViTModel.open(theirs)) {
      VisionTransformer network = opened.network();
      WeightSaver.save(
          network, ours, Map.of(), NameConverters.forTransformers(network), TensorType.F32);
      try (ViTModel again = ViTModel.open(ours)) {
        FloatBuffer pixels =
            FloatBuffer.wrap(opened.preprocessing().apply(images().get(0))).asReadOnlyBuffer();
        assertThat(again.embed(pixels, 1)).isDeepEqualTo(opened.embed(images()));
      }
    }
  }

  @Test
  void labelsComeFromTheConfiguration() {
    try (ViTModel vit = ViTModel.open(TRANSFORMERS.resolve("vit"))) {
      assertThat(vit.labels()).hasSize(10).contains(new Label("goldfish", "goldfish"));
      assertThat(vit.classify(images()).get(0).getClassNames()).contains("jack-o'-lantern");
    }
  }

  /** As the published DINOv2: trained at 518 pixels, used at 224. */
  @Test
  void theModelIsResizedToTheImagesThatItIsGiven() throws IOException {
    for (String file : List.of("config.json", "weights.safetensors")) {
      Files.copy(TRANSFORMERS.resolve("dinov2").resolve(file), folder.resolve(file));
    }
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        """
        {"image_processor_type": "BitImageProcessor", "size": {"shortest_edge": 56},
         "crop_size": {"height": 48, "width": 48}, "do_center_crop": true}""");

    try (ViTModel vit = ViTModel.open(folder);
        NDManager manager = NDManager.newBaseManager();
        Checkpoint io = SafeTensors.open(TRANSFORMERS.resolve("dinov2_interp/io.safetensors"))) {
      assertThat(vit.network().config().imageHeight()).isEqualTo(48);
      assertThat(vit.embed(images())[0]).hasSize(96);
      float[] logits = vit.network().observe(io.array("input", manager)).logits().toFloatArray();
      assertThat(logits).containsExactly(io.floats("logits"), within(1e-5f));
    }
  }

  @Test
  void anArchitectureByNameNeedsSomeoneWhoKnowsIt() throws IOException {
    ViTConfig tiny =
        ViT.builder().imageSize(16).patchSize(8).width(16).depth(1).heads(2).classes(3).config();
    try (NDManager manager = NDManager.newBaseManager()) {
      VisionTransformer network = ViT.of(tiny);
      network.initialize(manager);
      Path carrying = folder.resolve("carrying.safetensors");
      WeightSaver.save(network, carrying);
      try (Checkpoint file = SafeTensors.open(carrying)) {
        SafeTensors.write(
            folder.resolve("model.safetensors"),
            Map.of(),
            file.tensors().stream()
                .map(info -> new TensorSource(info, () -> file.bytes(info.name())))
                .toList(),
            TensorType.F32);
      }
      Files.delete(carrying);
    }
    Files.writeString(folder.resolve("config.json"), "{\"architecture\": \"vit_our_own\"}");

    assertThatThrownBy(() -> ViTModel.open(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'architecture' is vit_our_own, which vit4j does not know by name");
    try (ViTModel vit = ViTModel.at(folder).architectures(name -> Optional.of(tiny)).load()) {
      assertThat(vit.network().config()).isEqualTo(tiny);
    }
  }

  /** The table that MAE's own code computes. */
  @Test
  void sinCosPositionsAreThoseOfMae() {
    ViTConfig config =
        ViT.builder()
            .imageSize(32)
            .patchSize(8)
            .width(24)
            .heads(3)
            .depth(1)
            .positionEmbedding(PositionEmbedding.SIN_COS)
            .config();
    try (NDManager manager = NDManager.newBaseManager();
        Checkpoint mae = SafeTensors.open(AUTHORS.resolve("mae/weights.safetensors"))) {
      VisionTransformer network = ViT.of(config);
      network.initialize(manager);
      float[] ours =
          network.namedParameters().stream()
              .filter(p -> p.path().equals("pos_embed"))
              .findFirst()
              .orElseThrow()
              .array()
              .toFloatArray();
      assertThat(ours).containsExactly(mae.floats("pos_embed"), within(1e-6f));
    }
  }
}
