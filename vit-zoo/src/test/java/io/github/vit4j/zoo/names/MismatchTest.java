package io.github.vit4j.zoo.names;

import static io.github.vit4j.zoo.names.Models.assertSameValues;
import static io.github.vit4j.zoo.names.Models.tiny;
import static io.github.vit4j.zoo.names.Models.tinyBeit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MismatchTest {

  @TempDir Path folder;
  private Path file;
  private NDManager manager;

  @BeforeEach
  void open() {
    file = folder.resolve("weights.safetensors");
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  /** Zeros of the right names and shapes, without some and with others. */
  private void write(ViTConfig config, NameConverter names, List<String> without, String... more) {
    List<TensorSource> tensors = new ArrayList<>();
    names.map(ViT.of(config)).shapes().entrySet().stream()
        .filter(tensor -> !without.contains(tensor.getKey()))
        .forEach(tensor -> tensors.add(zeros(tensor.getKey(), TensorType.F32, tensor.getValue())));
    for (String name : more) {
      tensors.add(zeros(name, TensorType.F32, List.of(7L)));
    }
    SafeTensors.write(file, Map.of(), tensors);
  }

  private static TensorSource zeros(String name, TensorType type, List<Long> shape) {
    TensorInfo info = new TensorInfo(name, type, shape);
    return new TensorSource(info, () -> ByteBuffer.allocate((int) info.bytes()));
  }

  private void load(VisionTransformer model, NameConverter names) {
    try (Checkpoint checkpoint = SafeTensors.open(file)) {
      WeightLoader.load(model, checkpoint, names, manager);
    }
  }

  private VisionTransformer load(ViTConfig config) {
    VisionTransformer model = ViT.of(config);
    try (Checkpoint checkpoint = SafeTensors.open(file)) {
      WeightLoader.load(model, checkpoint, manager);
    }
    return model;
  }

  @Test
  void oneMessageListsEverythingAndTheModelKeepsItsValues() {
    List<String> without = List.of("norm.weight", "norm.bias", "head.bias");
    write(tiny().config(), NameConverters.timm(), without, "head.bias", "extra.weight");
    VisionTransformer model = Models.distinct(tiny().config(), manager);
    assertThatThrownBy(() -> load(model, NameConverters.timm()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("2 missing (norm.weight, norm.bias)")
        .hasMessageContaining("1 unexpected (extra.weight)")
        .hasMessageContaining("1 misshapen (head.bias is [7] but should be [5])");
    assertSameValues(model, Models.distinct(tiny().config(), manager));
  }

  @Test
  void longListsAreCut() {
    ViTConfig deeper = ViT.from(tiny().config()).depth(40).config();
    write(tiny().config(), NameConverters.timm(), List.of());
    assertThatThrownBy(() -> load(deeper))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("456 missing (blocks.2.norm1.weight")
        .hasMessageContaining("and 448 more)")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(700));
  }

  @Test
  void anotherFamilyIsRecognised() {
    ViTConfig config = tiny().parallel(2).layerScale(.1).config();
    write(config, NameConverters.deitV2(), List.of());
    assertThatThrownBy(() -> load(ViT.of(config), NameConverters.timm()))
        .hasMessageContaining("seems to have deit_v2 names");
    assertThat(load(config).isInitialized()).isTrue();
  }

  @Test
  void anotherImageSizeIsExplained() {
    write(tiny().config(), NameConverters.timm(), List.of());
    assertThatThrownBy(() -> load(ViT.from(tiny().config()).imageSize(32, 32).config()))
        .hasMessageContaining("pos_embed is [1, 9, 12] but should be [1, 17, 12]")
        .hasMessageContaining("resizedTo");
  }

  @Test
  void integersAreNoWeights() {
    List<TensorSource> tensors = new ArrayList<>();
    NameConverters.timm()
        .map(ViT.of(tiny().config()))
        .shapes()
        .forEach((name, shape) -> tensors.add(zeros(name, TensorType.I32, shape)));
    SafeTensors.write(file, Map.of(), tensors);
    assertThatThrownBy(() -> load(tiny().config()))
        .hasMessageContaining("cls_token holds I32 but should hold floats");
  }

  @Test
  void namesFromTheFileCannotSpoilTheMessage() {
    String hostile = "x\u001b[31m\n" + "y".repeat(500);
    write(tiny().config(), NameConverters.timm(), List.of(), hostile);
    assertThatThrownBy(() -> load(tiny().config()))
        .hasMessageContaining("1 unexpected (x\\u001b[31m\\u000ayyy")
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(500));
  }

  @Test
  void aFileOfSomethingElseIsRefused() {
    SafeTensors.write(
        file, Map.of(), List.of(zeros("conv1.weight", TensorType.F32, List.of(1L, 2L))));
    assertThatThrownBy(() -> load(tiny().config()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("not named as a Vision Transformer's")
        .hasMessageContaining("conv1.weight");
  }

  @Test
  void whatIsKnownToBeHarmlessIsLeftAlone() {
    ViTConfig beit = tinyBeit().relativePosition(RelativePosition.PER_BLOCK).config();
    String index = "blocks.0.attn.relative_position_index";
    write(beit, NameConverters.beit(), List.of(), index, "mask_token");
    assertThat(load(beit).isInitialized()).isTrue();

    write(tiny().config(), NameConverters.timm(), List.of(), "mask_token");
    assertThat(load(tiny().config()).isInitialized()).isTrue();

    NameConverter flax = NameConverters.flax(new FlaxDialect("params/img/", true, false));
    write(tiny().config(), flax, List.of(), "opt/0/count", "params/t", "params/txt/head/bias");
    assertThat(load(tiny().config()).isInitialized()).isTrue();
  }

  @Test
  void aModelWithoutAHeadLeavesTheFilesHeadAlone() {
    write(tiny().config(), NameConverters.timm(), List.of(), "pre_logits.fc.weight");
    assertThat(load(ViT.from(tiny().config()).noHead().config()).isInitialized()).isTrue();
    assertThatThrownBy(() -> load(tiny().config()))
        .hasMessageContaining("1 unexpected (pre_logits.fc.weight)");

    NameConverter flax = NameConverters.flax(FlaxDialect.VISION_TRANSFORMER);
    write(tiny().config(), flax, List.of(), "pre_logits/kernel");
    assertThat(load(ViT.from(tiny().config()).noHead().config()).isInitialized()).isTrue();
  }

  @Test
  void batchNormsCounterMayBeThereOrNot() {
    ViTConfig config = tiny().hmlpStem(4, 2).config();
    write(config, NameConverters.timm(), List.of());
    assertThat(load(config).isInitialized()).isTrue();
    write(config, NameConverters.timm(), List.of(), "patch_embed.proj.1.num_batches_tracked");
    assertThat(load(config).isInitialized()).isTrue();
    write(tiny().config(), NameConverters.timm(), List.of(), "head.num_batches_tracked");
    assertThatThrownBy(() -> load(tiny().config())).hasMessageContaining("1 unexpected");
  }
}
