package io.github.vit4j.zoo.names;

import static io.github.vit4j.zoo.names.Models.assertSameValues;
import static io.github.vit4j.zoo.names.Models.tiny;
import static io.github.vit4j.zoo.names.Models.tinyBeit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import io.github.vit4j.ViT;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.HalfPrecision;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SavedModelTest {

  @TempDir Path folder;
  private Path file;
  private NDManager manager;

  @BeforeEach
  void open() {
    file = folder.resolve("model.safetensors");
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private VisionTransformer loaded() {
    try (Checkpoint checkpoint = SafeTensors.open(file)) {
      return SavedModel.load(checkpoint, manager);
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.zoo.names.Models#spread")
  void aModelComesBackFromTheFileAlone(ViTConfig config) {
    VisionTransformer model = Models.distinct(config, manager);
    WeightSaver.save(model, file);
    VisionTransformer again = loaded();
    assertThat(again.config()).isEqualTo(config);
    assertSameValues(again, model);
  }

  @Test
  void scannedFlaxComesBackFromTheFileAlone() {
    VisionTransformer model = Models.distinct(tiny().config(), manager);
    NameConverter scanned = NameConverters.flax(FlaxDialect.BIG_VISION_SCANNED);
    WeightSaver.save(model, file, Map.of("note", "mine"), scanned, TensorType.F32);
    assertSameValues(loaded(), model);
    try (Checkpoint checkpoint = SafeTensors.open(file)) {
      assertThat(checkpoint.metadata())
          .containsEntry("note", "mine")
          .containsEntry("vit4j.names", "flax");
    }
  }

  @Test
  void namesAreThoseThatTimmLoads() {
    ViTConfig beit = tinyBeit().layerScale(.1).config();
    ViTConfig parallel =
        ViT.from(beit).parallel(2).relativePosition(RelativePosition.PER_BLOCK).config();
    assertThat(NameConverters.forSaving(ViT.of(beit)).family()).isEqualTo("beit");
    assertThat(NameConverters.forSaving(ViT.of(parallel)).family()).isEqualTo("timm");
    assertThat(NameConverters.forSaving(ViT.of(tiny().layerScale(.1).config())).family())
        .isEqualTo("timm");
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F16", "BF16"})
  void narrowFloatsAreReadAsFloat32(TensorType type) {
    VisionTransformer model = Models.distinct(tiny().hmlpStem(4, 2).config(), manager);
    WeightSaver.save(model, file, Map.of(), NameConverters.timm(), type);
    VisionTransformer again = loaded();
    for (int i = 0; i < model.namedParameters().size(); i++) {
      float[] expected = model.namedParameters().get(i).array().toFloatArray();
      for (int j = 0; j < expected.length; j++) {
        expected[j] =
            type == TensorType.F16
                ? HalfPrecision.float16ToFloat(HalfPrecision.floatToFloat16(expected[j]))
                : HalfPrecision.bfloat16ToFloat(HalfPrecision.floatToBfloat16(expected[j]));
      }
      ViTParameter actual = again.namedParameters().get(i);
      assertThat(actual.array().getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(actual.array().toFloatArray()).as(actual.path()).containsExactly(expected);
    }
  }

  @Test
  void wideFloatsAreReadAsFloat32() {
    VisionTransformer model = ViT.of(tiny().config());
    List<TensorSource> tensors = new ArrayList<>();
    NameConverters.timm()
        .map(model)
        .shapes()
        .forEach(
            (name, shape) -> {
              TensorInfo info = new TensorInfo(name, TensorType.F64, shape);
              ByteBuffer bytes = ByteBuffer.allocate((int) info.bytes());
              bytes.order(ByteOrder.LITTLE_ENDIAN);
              while (bytes.hasRemaining()) {
                bytes.putDouble(1 / 3.);
              }
              tensors.add(new TensorSource(info, bytes::flip));
            });
    SafeTensors.write(file, Map.of(), tensors);
    try (Checkpoint checkpoint = SafeTensors.open(file)) {
      WeightLoader.load(model, checkpoint, manager);
    }
    for (ViTParameter parameter : model.namedParameters()) {
      assertThat(parameter.array().toFloatArray()).containsOnly(1 / 3f);
    }
  }

  @Test
  void aFileWithoutAnArchitectureIsRefused() {
    try (Checkpoint checkpoint = Cases.weights("timm_plain")) {
      assertThat(SavedModel.config(checkpoint)).isEmpty();
      assertThatThrownBy(() -> SavedModel.load(checkpoint, manager))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("weights.safetensors")
          .hasMessageContaining("WeightLoader.load");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "{}", "[[[[", "null"})
  void aBrokenArchitectureIsRefused(String json) {
    SafeTensors.write(file, Map.of("vit4j.config", json), List.of());
    try (Checkpoint checkpoint = SafeTensors.open(file)) {
      assertThatThrownBy(() -> SavedModel.config(checkpoint))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining(file.toString())
          .hasMessageContaining("vit4j.config");
    }
  }

  @Test
  void anEndlessArchitectureIsRefused() {
    SafeTensors.write(file, Map.of("vit4j.config", "[".repeat(1 << 20)), List.of());
    try (Checkpoint checkpoint = SafeTensors.open(file)) {
      assertThatThrownBy(() -> SavedModel.config(checkpoint))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("far too long");
    }
  }

  @Test
  void aModelWithoutValuesIsNotSaved() throws Exception {
    Files.writeString(file, "what was there");
    assertThatThrownBy(() -> WeightSaver.save(ViT.of(tiny().config()), file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no values");
    assertThat(file).hasContent("what was there");
  }

  @Test
  void aTensorOfTooManyLayersIsRefusedBeforeAnythingIsWritten() {
    ViTConfig config = ViT.from(tiny().config()).mlpWidth(1 << 20).depth(50).config();
    VisionTransformer model = ViT.of(config);
    NameConverter scanned = NameConverters.flax(FlaxDialect.BIG_VISION_SCANNED);
    assertThatThrownBy(() -> WeightSaver.sources(scanned.map(model)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("Dense_0/kernel")
        .hasMessageContaining("keep layers apart");
  }

  @Test
  void aLoadedModelOutlivesItsFile() throws Exception {
    VisionTransformer model = Models.distinct(tiny().config(), manager);
    WeightSaver.save(model, file);
    VisionTransformer again = loaded();
    WeightSaver.save(again, file);
    Files.delete(file);
    assertSameValues(again, model);
  }
}
