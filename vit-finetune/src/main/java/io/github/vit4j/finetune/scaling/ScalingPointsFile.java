package io.github.vit4j.finetune.scaling;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Points as comma-separated text: {@code compute,error} or {@code compute,error,name} a line. If
 * the first line holds a column {@code compute} and a column {@code error}, columns are found by
 * name, so that a larger table will do. Empty lines and lines that begin with {@code #} are left
 * out.
 */
public final class ScalingPointsFile {

  private static final long LARGEST = 16L << 20;

  private ScalingPointsFile() {}

  /** Which columns hold what; -1 for none. */
  private record Columns(int compute, int error, int name) {}

  /**
   * {@return the points of a file, in its order}
   *
   * @param file of at most 16 MiB
   * @throws BadInputException naming the line, if one does not hold a point; or if there is no
   *     point, or no such file
   */
  public static List<ScalingPoint> read(Path file) {
    List<String> lines = lines(file);
    List<ScalingPoint> points = new ArrayList<>();
    @Nullable Columns columns = null;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replace("\uFEFF", "").strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      List<String> cells = cells(line);
      if (columns == null) {
        columns = header(cells);
        if (columns != null) {
          continue;
        }
        columns = new Columns(0, 1, 2);
      }
      try {
        points.add(point(cells, columns));
      } catch (BadInputException e) {
        throw new BadInputException("%s line %d: %s".formatted(file, i + 1, e.getMessage()), e);
      }
    }
    if (points.isEmpty()) {
      throw new BadInputException(
          file + " holds no points; write a line compute,error for each run");
    }
    return points;
  }

  private static List<String> lines(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(
          file
              + " does not exist or is no file; give a file with a line compute,error for each"
              + " run");
    }
    try {
      if (Files.size(file) > LARGEST) {
        throw new BadInputException(
            "%s has over %d bytes, too many for a table of runs".formatted(file, LARGEST));
      }
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new BadInputException(
          "%s cannot be read as UTF-8 text (%s); save it as such".formatted(file, e), e);
    }
  }

  /** The columns, if this line names them. */
  private static @Nullable Columns header(List<String> cells) {
    List<String> names = cells.stream().map(cell -> cell.toLowerCase(Locale.ROOT)).toList();
    int compute = names.indexOf("compute");
    int error = names.indexOf("error");
    return compute < 0 || error < 0 ? null : new Columns(compute, error, names.indexOf("name"));
  }

  private static ScalingPoint point(List<String> cells, Columns columns) {
    if (cells.size() <= Math.max(columns.compute, columns.error)) {
      throw new BadInputException(
          "there are %d columns, too few for compute and error".formatted(cells.size()));
    }
    boolean named = columns.name >= 0 && columns.name < cells.size();
    return new ScalingPoint(
        number("compute", cells.get(columns.compute)),
        number("error", cells.get(columns.error)),
        named ? cells.get(columns.name) : "");
  }

  private static double number(String what, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "the %s '%s' is no number"
              .formatted(what, text.substring(0, Math.min(40, text.length()))),
          e);
    }
  }

  /**
   * Cells without their spaces and quotes; within quotes a comma is no border, two quotes are one.
   */
  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"' && quoted && line.startsWith("\"\"", i)) {
        cell.append(c);
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        cells.add(cell.toString().strip());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    cells.add(cell.toString().strip());
    return cells;
  }
}
