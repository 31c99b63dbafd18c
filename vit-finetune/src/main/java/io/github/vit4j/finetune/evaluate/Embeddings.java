package io.github.vit4j.finetune.evaluate;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Embeddings of many images.
 *
 * @param files the images that were embedded
 * @param rows the embedding of each, all of the same length
 * @param unreadable the files that were not, with the reason
 */
public record Embeddings(List<Path> files, List<float[]> rows, List<UnreadableImage> unreadable) {

  /** The tensor of the embeddings in a safetensors file, (N, D). */
  public static final String TENSOR = "features";

  /** The metadata of a safetensors file that names the images: a JSON array of strings. */
  public static final String FILES = "files";

  /** Copies the lists. */
  public Embeddings {
    files = List.copyOf(files);
    rows = List.copyOf(rows);
    unreadable = List.copyOf(unreadable);
    if (files.size() != rows.size()) {
      throw new BadInputException(
          "%d files cannot have %d embeddings".formatted(files.size(), rows.size()));
    }
  }

  /** {@return length of an embedding; 0 if there is none} */
  public int width() {
    return rows.isEmpty() ? 0 : rows.get(0).length;
  }

  /**
   * Checks, before any work is done, that {@link #save} can write to a file.
   *
   * @param file where to
   * @throws BadInputException if its name ends in none of {@code .npy .safetensors .json .csv}, or
   *     its folder does not exist
   */
  public static void requireWritable(Path file) {
    EmbeddingsFormat.of(file);
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new BadInputException(
          "cannot write " + file + ": the folder " + folder + " does not exist; create it first");
    }
    if (Files.isDirectory(file)) {
      throw new BadInputException(file + " is a folder; name a file to write");
    }
  }

  /**
   * Checks, before any work is done, that {@link #save} can write so many embeddings to a file.
   *
   * @param file where to
   * @param images how many
   * @param width numbers of each
   * @throws BadInputException as {@link #requireWritable(Path)}, and if a {@code .safetensors} file
   *     would hold more than 2 GiB
   */
  public static void requireWritable(Path file, long images, long width) {
    requireWritable(file);
    if (EmbeddingsFormat.of(file) == EmbeddingsFormat.SAFETENSORS
        && images * width * Float.BYTES > Integer.MAX_VALUE) {
      throw new BadInputException(
          "%d embeddings of %d numbers are more than the 2 GiB that %s can hold; write an .npy file"
              .formatted(images, width, file));
    }
  }

  /**
   * Writes them to a file, whole or not at all; a file that was there is replaced.
   *
   * @param file {@code .npy}: NumPy's float32 array of shape (N, D), without the names; {@code
   *     .safetensors}: the tensor {@value #TENSOR} of shape (N, D), and the images' names in the
   *     metadata {@value #FILES}; {@code .json}: an array of objects with {@code file} and {@code
   *     embedding}; {@code .csv}: a header, then the image's name and its values a line
   * @throws BadInputException if the file cannot be written
   */
  public void save(Path file) {
    requireWritable(file, rows.size(), width());
    try {
      EmbeddingsFormat.of(file).write(this, file);
    } catch (IOException e) {
      throw new BadInputException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  /** All rows one after the other, (N, D). */
  float[] flat() {
    float[] values = new float[Math.multiplyExact(rows.size(), width())];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, values, i * width(), width());
    }
    return values;
  }
}
