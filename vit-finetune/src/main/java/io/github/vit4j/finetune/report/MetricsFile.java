package io.github.vit4j.finetune.report;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.file.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a run as CSV: a header, then one line an epoch. The first column is {@code epoch}.
 *
 * <p>The file is rewritten whole with every row, so that it is never half a line, and a run that
 * goes on from an earlier epoch drops the rows that it repeats.
 */
public final class MetricsFile {

  private static final String EPOCH = "epoch";

  private final Path file;
  private final List<String> columns;
  private final List<Map<String, Double>> rows = new ArrayList<>();

  /**
   * Opens a file of metrics, with the rows that are there already.
   *
   * @param file need not exist
   * @param columns names of the metrics after {@code epoch}
   * @throws BadInputException if it exists with other columns, or cannot be read
   */
  public MetricsFile(Path file, List<String> columns) {
    this.file = file;
    this.columns = List.copyOf(columns);
    if (Files.exists(file)) {
      read();
    }
  }

  /** {@return all rows so far, oldest first; each has {@code epoch} and the columns it has} */
  public List<Map<String, Double>> rows() {
    return Collections.unmodifiableList(rows);
  }

  /**
   * Adds the metrics of an epoch, and drops rows of this and later epochs that an interrupted run
   * may have left.
   *
   * @param epoch from 1
   * @param metrics value by column; a column without value stays empty
   * @throws BadInputException if there is no such column, or the file cannot be written
   */
  public void add(int epoch, Map<String, Double> metrics) {
    for (String name : metrics.keySet()) {
      if (!columns.contains(name)) {
        throw new BadInputException("there is no metric '" + name + "' among " + columns);
      }
    }
    rows.removeIf(row -> row.getOrDefault(EPOCH, 0.0) >= epoch);
    Map<String, Double> row = new LinkedHashMap<>();
    row.put(EPOCH, (double) epoch);
    row.putAll(metrics);
    rows.add(row);
    write();
  }

  private void write() {
    StringBuilder text = new StringBuilder(EPOCH);
    columns.forEach(column -> text.append(',').append(column));
    text.append('\n');
    for (Map<String, Double> row : rows) {
      text.append((int) (double) row.getOrDefault(EPOCH, 0.0));
      for (String column : columns) {
        @Nullable Double value = row.get(column);
        text.append(',').append(value == null ? "" : value);
      }
      text.append('\n');
    }
    WholeFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private void read() {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new BadInputException("cannot read the metrics in " + file + ": " + e.getMessage(), e);
    }
    String header = EPOCH + columns.stream().map(c -> "," + c).collect(Collectors.joining());
    if (lines.isEmpty() || !lines.get(0).equals(header)) {
      throw new BadInputException(
          file + " holds other metrics than " + header + "; move it away, or use another folder");
    }
    for (String line : lines.subList(1, lines.size())) {
      rows.add(parsed(line));
    }
  }

  private Map<String, Double> parsed(String line) {
    String[] cells = line.split(",", -1);
    try {
      Map<String, Double> row = new LinkedHashMap<>();
      row.put(EPOCH, (double) Integer.parseInt(cells[0]));
      for (int i = 0; i < columns.size(); i++) {
        if (!cells[i + 1].isEmpty()) {
          row.put(columns.get(i), Double.valueOf(cells[i + 1]));
        }
      }
      return row;
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw new BadInputException(file + " has a broken line: " + line, e);
    }
  }
}
