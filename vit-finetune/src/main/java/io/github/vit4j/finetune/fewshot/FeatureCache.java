package io.github.vit4j.finetune.fewshot;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Features on disk: one safetensors file for each model and data set, named by their fingerprints.
 * A file that is not exactly what it should be counts as missing.
 */
final class FeatureCache {

  private static final Logger LOG = LoggerFactory.getLogger(FeatureCache.class);
  private static final String MODEL = "vit4j.model";
  private static final String DATA = "vit4j.data";
  private static final String VALUES = "vit4j.values";
  private static final String INDICES = "indices";
  private static final int NAME_DIGITS = 16;

  /** 256 MiB: a tensor of the format can be read up to 2 GiB. */
  private static final int LARGEST_PART = 1 << 26;

  private final Path folder;

  /** Makes the folder if it is not there. */
  FeatureCache(Path folder) {
    this.folder = folder;
    try {
      if (!Files.isDirectory(folder)) { // on Java 17 createDirectories refuses links to folders
        Files.createDirectories(folder);
      }
    } catch (IOException e) {
      throw new BadInputException(
          "cannot make the folder %s for features: %s; name another one".formatted(folder, e), e);
    }
  }

  private Path file(String model, String data) {
    return folder.resolve(
        "features-%s-%s.safetensors"
            .formatted(model.substring(0, NAME_DIGITS), data.substring(0, NAME_DIGITS)));
  }

  Optional<Extracted> find(String model, ImageDataset images, String data) {
    Path file = file(model, data);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (Checkpoint features = SafeTensors.open(file)) {
      return Optional.of(read(features, model, images, data));
    } catch (BadInputException | ArithmeticException | UncheckedIOException e) {
      LOG.warn("the features are computed anew: {}", e.getMessage());
      return Optional.empty();
    }
  }

  private static Extracted read(Checkpoint file, String model, ImageDataset images, String data) {
    Map<String, String> metadata = file.metadata();
    if (!model.equals(metadata.get(MODEL)) || !data.equals(metadata.get(DATA))) {
      throw new BadInputException(file.source() + " is of another model or other images");
    }
    int[] indices = Arrays.stream(file.longs(INDICES)).mapToInt(Math::toIntExact).toArray();
    for (int i = 0; i < indices.length; i++) {
      if (indices[i] >= images.size() || indices[i] <= (i == 0 ? -1 : indices[i - 1])) {
        throw broken(file);
      }
    }
    float[][] rows = new float[indices.length][];
    int count = 0;
    for (int part = 0; count < rows.length; part++) {
      List<Long> shape = file.info(name(part)).shape();
      if (shape.size() != 2 || shape.get(0) < 1 || shape.get(0) > rows.length - count) {
        throw broken(file);
      }
      float[] values = file.floats(name(part));
      int width = Math.toIntExact(shape.get(1));
      for (int i = 0; i < shape.get(0); i++) {
        rows[count++] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
      }
    }
    if (count == 0 || !FeatureFingerprint.of(rows).equals(metadata.get(VALUES))) {
      throw broken(file);
    }
    Extracted found = new Extracted(rows, indices);
    found.features(images); // refuses vectors that are none
    return found;
  }

  private static BadInputException broken(Checkpoint file) {
    return new BadInputException(file.source() + " is broken");
  }

  /** A cache that cannot be written is not worth a lost run: it is told and left. */
  void keep(String model, String data, Extracted extracted) {
    Path file = file(model, data);
    Map<String, String> metadata =
        Map.of(MODEL, model, DATA, data, VALUES, FeatureFingerprint.of(extracted.rows()));
    try {
      SafeTensors.write(file, metadata, tensors(extracted));
    } catch (UncheckedIOException | BadInputException e) {
      LOG.warn("features are not kept: {}", e.getMessage());
    }
  }

  private static List<TensorSource> tensors(Extracted extracted) {
    float[][] rows = extracted.rows();
    int width = rows[0].length;
    int most = Math.max(1, LARGEST_PART / width);
    List<TensorSource> tensors = new ArrayList<>();
    tensors.add(indices(extracted.indices()));
    for (int from = 0; from < rows.length; from += most) {
      float[][] part = Arrays.copyOfRange(rows, from, Math.min(from + most, rows.length));
      tensors.add(
          TensorSource.computed(
              new TensorInfo(
                  name(from / most), TensorType.F32, List.of((long) part.length, (long) width)),
              () -> flat(part, width)));
    }
    return tensors;
  }

  private static String name(int part) {
    return "features." + part;
  }

  private static float[] flat(float[][] rows, int width) {
    float[] flat = new float[rows.length * width];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * width, width);
    }
    return flat;
  }

  private static TensorSource indices(int[] indices) {
    return new TensorSource(
        new TensorInfo(INDICES, TensorType.I32, List.of((long) indices.length)),
        () -> {
          ByteBuffer bytes =
              ByteBuffer.allocate(Integer.BYTES * indices.length).order(ByteOrder.LITTLE_ENDIAN);
          bytes.asIntBuffer().put(indices);
          return bytes;
        });
  }
}
