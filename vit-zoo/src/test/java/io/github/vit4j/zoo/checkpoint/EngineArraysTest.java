package io.github.vit4j.zoo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineArraysTest {

  private static final int COUNT = 1 << 18;

  @TempDir Path directory;

  @Test
  void givesEveryTypeToTheEngineAsOneItKnows() throws IOException {
    StringBuilder header = new StringBuilder();
    int position = 0;
    for (TensorType type : TensorType.values()) {
      int end = position + 2 * type.size();
      header.append(
          "%s\"%s\":{\"dtype\":\"%s\",\"shape\":[2,1],\"data_offsets\":[%d,%d]}"
              .formatted(position == 0 ? "{" : ",", type, type, position, end));
      position = end;
    }
    Path path = directory.resolve("types.safetensors");
    Files.write(path, Fixtures.safetensors(header.append('}').toString(), bytes(position)));
    try (Checkpoint file = SafeTensors.open(path);
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      for (TensorInfo info : file.tensors()) {
        NDArray array = file.array(info.name(), manager);
        assertThat(array.getShape()).isEqualTo(new Shape(2, 1));
        if (info.type().isFloat()) {
          assertThat(array.getDataType()).isEqualTo(DataType.FLOAT32);
          assertThat(array.toFloatArray()).as(info.name()).isEqualTo(file.floats(info.name()));
        } else {
          assertThat(array.toType(DataType.INT64, false).toLongArray())
              .as(info.name())
              .isEqualTo(file.longs(info.name()));
        }
      }
      assertThat(file.array("BOOL", manager).getDataType()).isEqualTo(DataType.BOOLEAN);
      assertThat(file.array("U32", manager).getDataType()).isEqualTo(DataType.INT64);
    }
  }

  @Test
  void readsScalarsAndEmptyTensors() throws IOException {
    String header =
        """
        {"scalar":{"dtype":"F32","shape":[],"data_offsets":[0,4]},\
        "empty":{"dtype":"BF16","shape":[0,7],"data_offsets":[4,4]}}""";
    Path path = directory.resolve("odd.safetensors");
    Files.write(path, Fixtures.safetensors(header, new byte[] {0, 0, (byte) 0x80, 0x3F}));
    try (Checkpoint file = SafeTensors.open(path);
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      assertThat(file.array("scalar", manager).getFloat()).isEqualTo(1f);
      assertThat(file.array("empty", manager).getShape()).isEqualTo(new Shape(0, 7));
    }
  }

  @Test
  void changingAMappedArrayInPlaceChangesNothingElse() throws IOException {
    Path path = ramp("ramp.safetensors", true);
    byte[] before = Files.readAllBytes(path);
    try (Checkpoint file = SafeTensors.open(path);
        NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray changed = file.array("ramp", manager);
      NDArray kept = file.array("ramp", manager);
      changed.muli(2);
      assertThat(changed.getFloat(COUNT - 1)).isEqualTo(2f * (COUNT - 1));
      assertThat(kept.getFloat(COUNT - 1)).isEqualTo(COUNT - 1);
      assertThat(file.floats("ramp")[COUNT - 1]).isEqualTo(COUNT - 1);
    }
    assertThat(Files.readAllBytes(path)).isEqualTo(before);
  }

  @Test
  void mappedArraysAndTheirViewsOutliveTheCheckpoint() throws Exception {
    Path path = ramp("ramp.safetensors", true);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray view;
      NDArray whole;
      try (Checkpoint file = SafeTensors.open(path)) {
        whole = file.array("ramp", manager);
        try (NDArray original = file.array("ramp", manager)) {
          view = original.reshape(512, 512).transpose();
        }
      }
      Files.delete(path);
      collectGarbage();
      assertThat(whole.getFloat(COUNT - 1)).isEqualTo(COUNT - 1);
      assertThat(view.getFloat(511, 510)).isEqualTo(510 * 512 + 511);
      whole.addi(1);
      assertThat(whole.getFloat(0)).isEqualTo(1f);
    }
  }

  @Test
  void aMappedArrayMovedToAnotherManagerOutlivesItsOwn() throws Exception {
    Path path = ramp("ramp.safetensors", true);
    try (NDManager outer = NDManager.newBaseManager("PyTorch")) {
      NDArray moved;
      try (NDManager inner = outer.newSubManager();
          Checkpoint file = SafeTensors.open(path)) {
        moved = file.array("ramp", inner);
        moved.attach(outer);
      }
      collectGarbage();
      assertThat(moved.getFloat(COUNT - 1)).isEqualTo(COUNT - 1);
    }
  }

  @Test
  void copiesWhereTheFileMayNotBeMappedPrivately() throws IOException {
    Path path = ramp("readonly.safetensors", true);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r--r--r--"));
    Path unaligned = ramp("unaligned.safetensors", false);
    for (Path each : new Path[] {path, unaligned}) {
      try (Checkpoint file = SafeTensors.open(each);
          NDManager manager = NDManager.newBaseManager("PyTorch")) {
        NDArray array = file.array("ramp", manager);
        array.addi(1);
        assertThat(array.getFloat(COUNT - 1)).isEqualTo(COUNT);
        assertThat(file.floats("ramp")[COUNT - 1]).isEqualTo(COUNT - 1);
      }
    }
  }

  private Path ramp(String name, boolean aligned) throws IOException {
    String header =
        "{\"ramp\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[0,%d]}}"
            .formatted(COUNT, 4 * COUNT);
    int odd = header.length() % 8;
    header += " ".repeat((8 - odd) % 8 + (aligned ? 0 : 3));
    ByteBuffer data = ByteBuffer.allocate(4 * COUNT).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < COUNT; i++) {
      data.putFloat(i);
    }
    return Files.write(directory.resolve(name), Fixtures.safetensors(header, data.array()));
  }

  private static byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) 1);
    return bytes;
  }

  /** Until a collection has certainly run: an unreferenced mapping is unmapped by it. */
  private static void collectGarbage() throws InterruptedException {
    WeakReference<byte[]> canary = new WeakReference<>(new byte[1024]);
    while (canary.get() != null) {
      System.gc();
      Thread.sleep(10);
    }
    System.gc();
    Thread.sleep(100);
  }
}
