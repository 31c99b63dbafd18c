package io.github.vit4j.finetune.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/** A checkpoint of a run: arrays by name, the progress, and a checksum over the arrays. */
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
          tensors.add(TensorSource.of(name, array));
        });
    Map<String, String> metadata =
        Map.of(PROGRESS, progress.toJson(), CHECKSUM, Long.toHexString(sum.getValue()));
    SafeTensors.write(file, metadata, tensors);
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
        arrays.put(name, checkpoint.array(name, manager));
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
