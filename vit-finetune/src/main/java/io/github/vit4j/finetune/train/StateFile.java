package io.github.vit4j.finetune.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A checkpoint of a run: arrays by name, the progress, and a checksum over the arrays.
 *
 * <p>The only bytes in a state are those of momentum in bfloat16, which Java must not see as such.
 * The file calls them what they are: (..., 2n) UINT8 is written as (..., n) BF16.
 */
final class StateFile {

  private static final String PROGRESS = "vit4j.progress";
  private static final String CHECKSUM = "vit4j.crc32c";

  private StateFile() {}

  static void write(Path file, RunProgress progress, Map<String, NDArray> arrays) {
    Map<String, NDArray> sorted = new TreeMap<>(arrays);
    CRC32C sum = new CRC32C();
    List<TensorSource> tensors = new ArrayList<>();
    sorted.forEach(
        (name, array) -> {
          sum.update(name.getBytes(StandardCharsets.UTF_8));
          sum.update(array.toByteBuffer());
          tensors.add(source(name, array));
        });
    Map<String, String> metadata =
        Map.of(PROGRESS, progress.toJson(), CHECKSUM, Long.toHexString(sum.getValue()));
    SafeTensors.write(file, metadata, tensors);
  }

  private static TensorSource source(String name, NDArray array) {
    if (array.getDataType() != DataType.UINT8) {
      return TensorSource.of(name, array);
    }
    TensorInfo info = new TensorInfo(name, TensorType.BF16, lastAxis(array.getShape(), 1, 2));
    return new TensorSource(info, array::toByteBuffer);
  }

  private static List<Long> lastAxis(Shape shape, int times, int over) {
    List<Long> sizes = new ArrayList<>();
    for (long size : shape.getShape()) {
      sizes.add(size);
    }
    int last = sizes.size() - 1; // a file that has none is of another's making
    if (last < 0) {
      throw new BadInputException("a single number of type BF16 is in no checkpoint of a run");
    }
    sizes.set(last, sizes.get(last) * times / over);
    return sizes;
  }

  private static NDArray array(Checkpoint file, String name, NDManager manager) {
    TensorInfo info = file.info(name);
    if (info.type() != TensorType.BF16) {
      return file.array(name, manager);
    }
    ByteBuffer bytes = file.bytes(name);
    ByteBuffer own = ByteBuffer.allocateDirect(bytes.remaining()).put(bytes).flip();
    Shape shape = new Shape(info.shape());
    return manager.create(own, new Shape(lastAxis(shape, 2, 1)), DataType.UINT8);
  }

  /** Arrays that belong to the manager, and what was written with them. */
  record Contents(RunProgress progress, Map<String, NDArray> arrays) {}

  /**
   * Reads a checkpoint.
   *
   * @throws BadInputException if it is broken
   */
  static Contents read(Path file, NDManager manager) {
    try (Checkpoint checkpoint = SafeTensors.open(file)) {
      Map<String, NDArray> arrays = new TreeMap<>();
      CRC32C sum = new CRC32C();
      List<String> names = checkpoint.tensors().stream().map(TensorInfo::name).sorted().toList();
      for (String name : names) {
        sum.update(name.getBytes(StandardCharsets.UTF_8));
        sum.update(checkpoint.bytes(name));
        arrays.put(name, array(checkpoint, name, manager));
      }
      String expected = checkpoint.metadata().getOrDefault(CHECKSUM, "");
      if (!expected.equals(Long.toHexString(sum.getValue()))) {
        throw new BadInputException(file + " is broken: its checksum does not fit its content");
      }
      String json = checkpoint.metadata().getOrDefault(PROGRESS, "");
      return new Contents(RunProgress.fromJson(json, file), arrays);
    }
  }
}
