package io.github.vit4j.examples.sweep;

import com.google.gson.JsonElement;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads a sweep from its JSON file. What is not understood is refused: a sweep takes hours, and a
 * typing error should not be a silent default.
 */
final class SweepFile {

  private static final long LARGEST = 1L << 20;
  private static final int MANY = 1_000_000;
  private static final int HEAD_WIDTH = 32;
  private static final double LEAST_RATE = 1e-9;
  private static final double LEAST_FRACTION = 1e-6;
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.]{0,39}");

  private final String where;
  private final int headWidth;

  private SweepFile(String where, int headWidth) {
    this.where = where;
    this.headWidth = headWidth;
  }

  /**
   * {@return the sweep of a file}
   *
   * @param file of at most 1 MiB
   * @throws BadInputException naming the key, its value and what it should be
   */
  static Sweep read(Path file) {
    return parse(text(file), String.valueOf(file.getFileName()));
  }

  private static String text(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(
          file
              + " does not exist or is no file; give a sweep's JSON file, such as sweeps/tiny.json");
    }
    try {
      if (Files.size(file) > LARGEST) {
        throw new BadInputException(
            "%s has over %d bytes, too many for a sweep".formatted(file, LARGEST));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new BadInputException(
          "%s cannot be read as UTF-8 text (%s); save it as such".formatted(file, e), e);
    }
  }

  static Sweep parse(String json, String where) {
    Keys keys =
        new Keys(
            StrictJson.read(json, where),
            where,
            List.of(
                "title",
                "about",
                "data",
                "testImages",
                "seed",
                "model",
                "training",
                "sizes",
                "fractions",
                "epochs",
                "heldOut"));
    if (keys.has("about")) {
      keys.list("about"); // words for readers
    }
    Keys model =
        new Keys(
            keys.element("model"),
            where + ", model",
            List.of("imageSize", "patchSize", "mlpRatio", "headWidth"));
    int headWidth = model.has("headWidth") ? model.whole("headWidth", 1, MANY) : HEAD_WIDTH;
    SweepFile file = new SweepFile(where, headWidth);
    List<Size> sizes = file.sizes(keys);
    Sweep sweep =
        new Sweep(
            keys.has("title") ? keys.text("title") : where,
            keys.text("data"),
            keys.has("testImages") ? keys.whole("testImages", 1, MANY) : 0,
            keys.has("seed") ? keys.whole("seed") : 0,
            architecture(model),
            training(
                new Keys(
                    keys.element("training"),
                    where + ", training",
                    List.of("batch", "rate", "rateAtWidth", "ratePower"))),
            sizes,
            keys.numbers("fractions", LEAST_FRACTION, 1),
            keys.wholes("epochs", 1, MANY),
            keys.has("heldOut") ? file.heldOut(keys) : List.of());
    file.requireNamesOnce(sweep);
    return sweep;
  }

  private static Architecture architecture(Keys model) {
    return new Architecture(
        model.whole("imageSize", 1, 16_384),
        model.whole("patchSize", 1, 16_384),
        model.number("mlpRatio", 0.01, 100));
  }

  private static Training training(Keys training) {
    return new Training(
        training.whole("batch", 1, 65_536),
        training.number("rate", LEAST_RATE, 100),
        training.whole("rateAtWidth", 1, MANY),
        training.number("ratePower", -10, 10));
  }

  private List<Size> sizes(Keys keys) {
    List<Size> sizes = new ArrayList<>();
    for (JsonElement value : keys.list("sizes")) {
      String which = "%s, size %d".formatted(where, sizes.size() + 1);
      sizes.add(size(new Keys(value, which, List.of("name", "width", "depth", "heads")), which));
    }
    return sizes;
  }

  private Size size(Keys keys, String which) {
    String name = keys.text("name");
    if (!NAME.matcher(name).matches()) {
      throw new BadInputException(
          "%s: the name '%s' is to be a folder's; use up to 40 of a-z, 0-9 and dots"
              .formatted(which, name));
    }
    int width = keys.whole("width", 1, MANY);
    if (!keys.has("heads") && width % headWidth != 0) {
      throw new BadInputException(
          "%s: the width %d cannot be cut into heads of %d; give 'heads', or another width"
              .formatted(which, width, headWidth));
    }
    int heads = keys.has("heads") ? keys.whole("heads", 1, MANY) : width / headWidth;
    return new Size(name, width, keys.whole("depth", 1, 1000), heads);
  }

  private List<Cell> heldOut(Keys keys) {
    List<Cell> cells = new ArrayList<>();
    for (JsonElement value : keys.list("heldOut")) {
      String which = "%s, held-out run %d".formatted(where, cells.size() + 1);
      Keys run =
          new Keys(value, which, List.of("name", "width", "depth", "heads", "fraction", "epochs"));
      cells.add(
          new Cell(
              size(run, which),
              run.number("fraction", LEAST_FRACTION, 1),
              run.whole("epochs", 1, MANY),
              true));
    }
    return cells;
  }

  /** The same name may not stand for two sizes, nor for two runs. */
  private void requireNamesOnce(Sweep sweep) {
    Set<String> sizes = new HashSet<>();
    for (Size size : sweep.sizes()) {
      if (!sizes.add(size.name())) {
        throw new BadInputException(
            "%s has two sizes named '%s'; name them differently".formatted(where, size.name()));
      }
    }
    for (Cell cell : sweep.heldOut()) {
      for (Size size : sweep.sizes()) {
        if (size.name().equals(cell.size().name()) && !Objects.equals(size, cell.size())) {
          throw new BadInputException(
              "%s has two different sizes named '%s', one of them held out; name them differently"
                  .formatted(where, size.name()));
        }
      }
    }
    Set<String> runs = new HashSet<>();
    List<Cell> all = new ArrayList<>(sweep.cells());
    all.addAll(sweep.heldOut());
    for (Cell cell : all) {
      if (!runs.add(cell.name())) {
        throw new BadInputException(
            "%s has two runs named %s; make their fractions differ in the first four digits, or leave one out"
                .formatted(where, cell.name()));
      }
    }
  }
}
