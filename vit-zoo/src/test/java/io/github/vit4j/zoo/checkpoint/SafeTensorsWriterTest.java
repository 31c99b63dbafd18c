package io.github.vit4j.zoo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SafeTensorsWriterTest {

  @TempDir Path directory;

  @Test
  void writesTheBytesThatTheFormatPrescribes() throws IOException {
    Path file = directory.resolve("small.safetensors");
    TensorInfo flags = new TensorInfo("flags", TensorType.BOOL, List.of(3L));
    SafeTensors.write(
        file,
        Map.of("z", "1", "a", "\"é\n"),
        List.of(
            new TensorSource(flags, () -> ByteBuffer.wrap(new byte[] {1, 0, 1})),
            TensorSource.of("b", List.of(), new float[] {1}),
            TensorSource.of("a", List.of(1L, 2L), new float[] {2, 3})));
    String header =
        "{\"__metadata__\":{\"a\":\"\\\"é\\n\",\"z\":\"1\"},"
            + "\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
            + "\"b\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]},"
            + "\"flags\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[12,15]}}";
    int length = header.getBytes(StandardCharsets.UTF_8).length;
    header += " ".repeat((8 - length % 8) % 8);
    ByteBuffer data = ByteBuffer.allocate(15).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(2).putFloat(3).putFloat(1).put((byte) 1).put((byte) 0).put((byte) 1);
    assertThat(Files.readAllBytes(file)).isEqualTo(Fixtures.safetensors(header, data.array()));
  }

  @Test
  void copiesAFileTensorByTensor() {
    Path copy = directory.resolve("copy.safetensors");
    try (Checkpoint original = SafeTensors.open(Fixtures.file("timm.safetensors"))) {
      SafeTensors.write(
          copy,
          original.metadata(),
          original.tensors().stream().map(t -> TensorSource.of(original, t.name())).toList());
      try (Checkpoint written = SafeTensors.open(copy)) {
        assertThat(written.metadata()).isEqualTo(original.metadata());
        assertThat(written.tensors()).containsExactlyInAnyOrderElementsOf(original.tensors());
        for (TensorInfo info : original.tensors()) {
          assertThat(written.bytes(info.name())).isEqualTo(original.bytes(info.name()));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TensorType.class,
      names = {"F32", "F16", "BF16"})
  void castsFloatsAndOnlyThem(TensorType type) {
    // more than one chunk, and values of all sizes that binary16 holds
    int count = 300_001;
    float[] values = new float[count];
    Random random = new Random(1);
    for (int i = 0; i < count; i++) {
      values[i] = (random.nextFloat() - 0.5f) * (float) Math.pow(10, random.nextInt(14) - 9);
    }
    values[0] = Float.POSITIVE_INFINITY;
    values[1] = Float.NaN;
    Path file = directory.resolve("cast.safetensors");
    TensorInfo step = new TensorInfo("step", TensorType.I64, List.of());
    ByteBuffer nine = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, 9);
    SafeTensors.write(
        file,
        Map.of(),
        List.of(
            TensorSource.of("values", List.of((long) count), values),
            new TensorSource(step, () -> nine)),
        type);
    try (Checkpoint written = SafeTensors.open(file)) {
      assertThat(written.info("values").type()).isEqualTo(type);
      assertThat(written.longs("step")).containsExactly(9);
      float[] read = written.floats("values");
      for (int i = 0; i < count; i++) {
        float expected =
            switch (type) {
              case F16 -> HalfPrecision.float16ToFloat(HalfPrecision.floatToFloat16(values[i]));
              case BF16 -> HalfPrecision.bfloat16ToFloat(HalfPrecision.floatToBfloat16(values[i]));
              default -> values[i];
            };
        assertThat(Float.compare(read[i], expected)).isZero();
      }
    }
  }

  @Test
  void widensHalvesBackToFloat32() {
    Path half = directory.resolve("half.safetensors");
    Path full = directory.resolve("full.safetensors");
    TensorSource source = TensorSource.of("a", List.of(3L), new float[] {1.5f, -0.25f, 3});
    SafeTensors.write(half, Map.of(), List.of(source), TensorType.BF16);
    try (Checkpoint file = SafeTensors.open(half)) {
      SafeTensors.write(full, Map.of(), List.of(TensorSource.of(file, "a")), TensorType.F32);
    }
    try (Checkpoint file = SafeTensors.open(full)) {
      assertThat(file.info("a").type()).isEqualTo(TensorType.F32);
      assertThat(file.floats("a")).containsExactly(1.5f, -0.25f, 3);
    }
  }

  @Test
  void writesEngineArrays() {
    Path file = directory.resolve("arrays.safetensors");
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      List<TensorSource> sources = new ArrayList<>();
      NDArray base = manager.arange(6f).reshape(2, 3);
      for (DataType type :
          new DataType[] {
            DataType.FLOAT64,
            DataType.FLOAT32,
            DataType.FLOAT16,
            DataType.INT64,
            DataType.INT32,
            DataType.INT8,
            DataType.UINT8
          }) {
        sources.add(TensorSource.of(type.name(), base.toType(type, true)));
      }
      sources.add(TensorSource.of("transposed", base.transpose()));
      sources.add(TensorSource.of("truth", base.gt(2)));
      SafeTensors.write(file, Map.of(), sources);
      try (Checkpoint written = SafeTensors.open(file)) {
        for (TensorInfo info : written.tensors()) {
          assertThat(written.floats(info.name()))
              .as(info.name())
              .containsExactly(
                  switch (info.name()) {
                    case "transposed" -> new float[] {0, 3, 1, 4, 2, 5};
                    case "truth" -> new float[] {0, 0, 0, 1, 1, 1};
                    default -> new float[] {0, 1, 2, 3, 4, 5};
                  });
        }
        assertThat(written.array("transposed", manager).getShape()).isEqualTo(new Shape(3, 2));
      }
    }
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = Files.writeString(directory.resolve("old.safetensors"), "precious");
    TensorInfo info = new TensorInfo("b", TensorType.F32, List.of(1L));
    TensorSource good = TensorSource.of("a", List.of(1L), new float[1]);
    TensorSource wrong = new TensorSource(info, () -> ByteBuffer.allocate(3));
    TensorSource failing =
        new TensorSource(
            info,
            () -> {
              throw new UnsupportedOperationException("engine");
            });
    assertThatThrownBy(() -> SafeTensors.write(file, Map.of(), List.of(good, wrong)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'b' of 4 bytes was given 3");
    assertThatThrownBy(() -> SafeTensors.write(file, Map.of(), List.of(good, failing)))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(file).hasContent("precious");
    try (Stream<Path> left = Files.list(directory)) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void mappedArraysSurviveTheReplacementOfTheirFile() {
    Path file = directory.resolve("weights.safetensors");
    int count = 1 << 18;
    float[] ones = new float[count];
    Arrays.fill(ones, 1);
    List<Long> shape = List.of((long) count);
    SafeTensors.write(file, Map.of(), List.of(TensorSource.of("w", shape, ones)));
    try (NDManager manager = NDManager.newBaseManager("PyTorch");
        Checkpoint opened = SafeTensors.open(file)) {
      NDArray weights = opened.array("w", manager);
      TensorSource doubled = TensorSource.of("w", weights.mul(2));
      SafeTensors.write(file, Map.of(), List.of(doubled));
      assertThat(weights.getFloat(count - 1)).isEqualTo(1f);
      try (Checkpoint again = SafeTensors.open(file)) {
        assertThat(again.floats("w")).startsWith(2f).endsWith(2f);
      }
    }
  }

  @Test
  void refusesWhatTheFormatCannotHold() {
    Path file = directory.resolve("refused.safetensors");
    TensorSource a = TensorSource.of("a", List.of(1L), new float[] {70_000});
    assertThatThrownBy(() -> SafeTensors.write(file, Map.of(), List.of(a), TensorType.F16))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'a' holds 70000.0, which F16 cannot; store it as BF16 or F32");
    assertThatThrownBy(() -> SafeTensors.write(file, Map.of(), List.of(a), TensorType.I8))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("not as I8");
    assertThatThrownBy(() -> SafeTensors.write(file, Map.of(), List.of(a, a)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'a' is used twice");
    TensorSource reserved = TensorSource.of("__metadata__", List.of(1L), new float[1]);
    assertThatThrownBy(() -> SafeTensors.write(file, Map.of(), List.of(reserved)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("reserved");
    TensorSource half = TensorSource.of("\ud800", List.of(1L), new float[1]);
    assertThatThrownBy(() -> SafeTensors.write(file, Map.of(), List.of(half)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("half a surrogate pair");
    assertThatThrownBy(() -> SafeTensors.write(directory, Map.of(), List.of(a)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("is a directory");
    Path nowhere = directory.resolve("no/such/place");
    assertThatThrownBy(() -> SafeTensors.write(nowhere, Map.of(), List.of(a)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("cannot be written");
    assertThat(directory).isEmptyDirectory();
  }
}
