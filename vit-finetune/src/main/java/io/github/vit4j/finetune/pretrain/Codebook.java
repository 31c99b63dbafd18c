package io.github.vit4j.finetune.pretrain;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Checkpoints;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Vectors that stand for patches: a patch's token is the index of the nearest. {@link
 * CodebookTrainer} makes one of the user's own images.
 *
 * <p>It is saved as safetensors: {@code codebook} (size, width), {@code colours} (size, 3 * patch *
 * patch), the mean colours from 0 to 1 of the patches of each entry, for pictures, and what it was
 * made with.
 */
public final class Codebook {

  /** The largest codebook, eight times BEiT's. */
  public static final int LARGEST = 1 << 16;

  private static final String CENTRES = "codebook";
  private static final String COLOURS = "colours";
  private static final String KEY = "vit4j.codebook";
  private static final Gson GSON = new Gson();

  private final float[] centres;
  private final float[] colours;
  private final int size;
  private final int width;
  private final int patchSize;
  private final String vectors;

  /** What the file says beside the values. */
  private record Description(int patchSize, @Nullable String vectors) {}

  Codebook(float[] centres, float[] colours, int size, int patchSize, String vectors) {
    this.centres = centres;
    this.colours = colours;
    this.size = size;
    this.width = centres.length / size;
    this.patchSize = patchSize;
    this.vectors = vectors;
  }

  /** {@return how many entries it has} */
  public int size() {
    return size;
  }

  /** {@return how long a vector is} */
  public int width() {
    return width;
  }

  /** {@return side of a patch in pixels} */
  public int patchSize() {
    return patchSize;
  }

  /** {@return the identity of the {@link PatchVectors} that it was made with} */
  public String vectors() {
    return vectors;
  }

  /** The entries, (size, width). */
  float[] centres() {
    return centres;
  }

  /** What the entries look like, (size, 3 * patch * patch). */
  float[] colours() {
    return colours;
  }

  /** A checksum of the values. */
  String checksum() {
    CRC32C sum = new CRC32C();
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES);
    for (float value : centres) {
      sum.update(bytes.clear().putFloat(value).flip());
    }
    return "%08x".formatted(sum.getValue());
  }

  /**
   * Saves the codebook, whole or not at all.
   *
   * @param file replaced if it exists
   * @throws java.io.UncheckedIOException if it cannot be written
   */
  public void save(Path file) {
    SafeTensors.write(
        file,
        Map.of(KEY, GSON.toJson(new Description(patchSize, vectors))),
        List.of(
            TensorSource.of(CENTRES, List.of((long) size, (long) width), centres),
            TensorSource.of(COLOURS, List.of((long) size, colours.length / (long) size), colours)));
  }

  /**
   * Opens a codebook.
   *
   * @param file as {@link #save} wrote it
   * @return the codebook
   * @throws BadInputException if it is broken or something else
   */
  public static Codebook open(Path file) {
    try (Checkpoint checkpoint = Checkpoints.open(file)) {
      Description description = description(checkpoint, file);
      List<Long> shape = checkpoint.info(CENTRES).shape();
      int patch = description.patchSize;
      boolean possible =
          shape.size() == 2
              && shape.get(0) >= 2
              && shape.get(0) <= LARGEST
              && shape.get(1) >= 1
              && shape.get(1) <= LARGEST
              && patch >= 1
              && patch <= 256
              && checkpoint.info(COLOURS).shape().equals(List.of(shape.get(0), 3L * patch * patch));
      if (!possible) {
        throw new BadInputException(
            "%s holds a codebook of shape %s with colours of shape %s for patches of %d pixels, which do not fit each other; make it anew with vit codebook"
                .formatted(file, shape, checkpoint.info(COLOURS).shape(), patch));
      }
      return new Codebook(
          finite(checkpoint, CENTRES),
          finite(checkpoint, COLOURS),
          Math.toIntExact(shape.get(0)),
          patch,
          String.valueOf(description.vectors));
    }
  }

  private static Description description(Checkpoint checkpoint, Path file) {
    String json = checkpoint.metadata().get(KEY);
    try {
      Description found = json == null ? null : GSON.fromJson(json, Description.class);
      if (found != null && found.vectors != null) {
        return found;
      }
    } catch (JsonParseException e) {
      throw new BadInputException(file + " says in a broken way what codebook it is", e);
    }
    throw new BadInputException(
        "%s holds no codebook, but %s; make one with vit codebook"
            .formatted(
                file, checkpoint.tensors().stream().limit(3).map(TensorInfo::name).toList()));
  }

  private static float[] finite(Checkpoint checkpoint, String name) {
    float[] values = checkpoint.floats(name);
    for (float value : values) {
      if (!Float.isFinite(value)) {
        throw new BadInputException(
            "%s has values in '%s' that are no finite numbers; make it anew with vit codebook"
                .formatted(checkpoint.source(), name));
      }
    }
    return values;
  }
}
