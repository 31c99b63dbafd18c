package io.github.vit4j.finetune.evaluate;

import com.google.gson.Gson;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

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
   * @throws BadInputException if its name ends in neither {@code .csv} nor {@code .safetensors}, or
   *     its folder does not exist
   */
  public static void requireWritable(Path file) {
    if (!hasExtension(file, ".csv") && !hasExtension(file, ".safetensors")) {
      throw new BadInputException(
          file + " must end in .csv or .safetensors, which says how embeddings are stored");
    }
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
   * Writes them to a file, whole or not at all; a file that was there is replaced.
   *
   * @param file {@code .csv}: a header, then the image's name and its values a line; {@code
   *     .safetensors}: the tensor {@value #TENSOR} of shape (N, D), and the images' names in the
   *     metadata {@value #FILES}
   * @throws BadInputException if the file cannot be written
   */
  public void save(Path file) {
    requireWritable(file);
    try {
      if (hasExtension(file, ".csv")) {
        saveCsv(file);
      } else {
        saveTensor(file);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new BadInputException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static boolean hasExtension(Path file, String extension) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(extension);
  }

  private void saveTensor(Path file) {
    float[] values = new float[Math.multiplyExact(rows.size(), width())];
    for (int i = 0; i < rows.size(); i++) {
      System.arraycopy(rows.get(i), 0, values, i * width(), width());
    }
    List<Long> shape = List.of((long) rows.size(), (long) width());
    String names = new Gson().toJson(files.stream().map(Path::toString).toList());
    SafeTensors.write(file, Map.of(FILES, names), List.of(TensorSource.of(TENSOR, shape, values)));
  }

  private void saveCsv(Path file) throws IOException {
    // a link stays a link: what it points at is replaced
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try (Writer out = Files.newBufferedWriter(part, StandardOpenOption.CREATE_NEW)) {
        writeCsv(out);
      }
      try {
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private void writeCsv(Writer out) throws IOException {
    out.write("file");
    for (int i = 0; i < width(); i++) {
      out.write(",f" + i);
    }
    out.write('\n');
    for (int i = 0; i < rows.size(); i++) {
      out.write(quoted(files.get(i).toString()));
      for (float value : rows.get(i)) {
        out.write(',');
        out.write(Float.toString(value)); // the shortest text that reads back as the same float
      }
      out.write('\n');
    }
  }

  /** As RFC 4180 has it. */
  private static String quoted(String cell) {
    return cell.matches("(?s).*[\",\r\n].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }
}
