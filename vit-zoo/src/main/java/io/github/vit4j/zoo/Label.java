package io.github.vit4j.zoo;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A class of a model.
 *
 * @param id what a data set calls it, such as a WordNet id; the name where it has no other
 * @param name what people call it
 */
public record Label(String id, String name) {

  private static final long LARGEST_FILE = 1 << 24;

  /** Refuses what JSON may leave out. */
  public Label {
    if (id == null || name == null) {
      throw new BadInputException("a label needs an id and a name");
    }
  }

  /**
   * Reads a file with one class a line in the order of the logits: {@code name}, or {@code id TAB
   * name}, or {@code index TAB id TAB name}, whose indices must count up from 0.
   *
   * @param file UTF-8 text; empty lines are skipped
   * @return the labels
   * @throws BadInputException if the file cannot be read, is empty, or counts wrongly
   */
  public static List<Label> read(Path file) {
    List<Label> labels = new ArrayList<>();
    for (String line : lines(file)) {
      if (line.isBlank()) {
        continue;
      }
      String[] cells = line.strip().split("\t", 3);
      switch (cells.length) {
        case 1 -> labels.add(new Label(cells[0], cells[0]));
        case 2 -> labels.add(new Label(cells[0], cells[1]));
        default -> {
          if (!cells[0].equals(Integer.toString(labels.size()))) {
            throw new BadInputException(
                "%s counts %s where class %d belongs; list the classes in the order of the logits"
                    .formatted(file, cells[0], labels.size()));
          }
          labels.add(new Label(cells[1], cells[2]));
        }
      }
    }
    if (labels.isEmpty()) {
      throw new BadInputException(file + " names no classes; write one a line");
    }
    return List.copyOf(labels);
  }

  private static List<String> lines(Path file) {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new BadInputException(file + " is too large for a list of classes");
      }
      return Files.readAllLines(file);
    } catch (MalformedInputException e) {
      throw new BadInputException(file + " is not a list of classes: it is not UTF-8 text", e);
    } catch (IOException e) {
      throw new BadInputException("cannot read the classes in " + file + ": " + e, e);
    }
  }

  /**
   * {@return classes whose names are their ids}
   *
   * @param names in the order of the logits
   */
  public static List<Label> named(List<String> names) {
    return names.stream().map(name -> new Label(name, name)).toList();
  }

  /**
   * {@return {@code class 0}, {@code class 1}, ... for a model that comes without names}
   *
   * @param classes how many
   */
  public static List<Label> numbered(int classes) {
    return IntStream.range(0, classes)
        .mapToObj(i -> new Label(Integer.toString(i), "class " + i))
        .toList();
  }
}
