package io.github.vit4j.finetune.fewshot;

import io.github.vit4j.finetune.report.Curves;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * How good a frozen model's features are.
 *
 * @param ridge accuracy of the ridge regression, by ascending shots
 * @param neighbours accuracy of the nearest neighbours at the same shots; empty if not asked for
 * @param classes how many there are
 * @param testImages how many accuracy was measured on
 * @param notes what a reader of the figures should know: images left out, features that tell
 *     nothing, shots that the data set has not enough images for
 */
public record FewShotResult(
    List<ShotAccuracy> ridge,
    List<ShotAccuracy> neighbours,
    int classes,
    int testImages,
    List<String> notes) {

  /** Copies the lists. */
  public FewShotResult {
    ridge = List.copyOf(ridge);
    neighbours = List.copyOf(neighbours);
    notes = List.copyOf(notes);
  }

  /** {@return a table in Markdown: a row for each number of shots} */
  public String table() {
    boolean both = !neighbours.isEmpty();
    StringBuilder out = new StringBuilder("| shots | training images | draws | ridge, top-1 % |");
    out.append(both ? " k-NN, top-1 % |\n" : "\n").append("|---|---|---|---|");
    out.append(both ? "---|\n" : "\n");
    for (int i = 0; i < ridge.size(); i++) {
      ShotAccuracy row = ridge.get(i);
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d | %s |",
              row.shots() == FewShot.ALL ? "all" : Integer.toString(row.shots()),
              row.images(),
              row.percents().size(),
              text(row)));
      out.append(both ? " " + text(neighbours.get(i)) + " |\n" : "\n");
    }
    return out.toString();
  }

  private static String text(ShotAccuracy row) {
    return row.percents().size() < 2
        ? String.format(Locale.ROOT, "%.2f", row.mean())
        : String.format(Locale.ROOT, "%.2f ± %.2f", row.mean(), row.deviation());
  }

  /**
   * Draws accuracy against training images a class, with a whisker of one standard deviation to
   * either side.
   *
   * @param title above the chart
   * @param file ends in {@code .png}; replaced if it exists
   * @return whether it was drawn, see {@link Curves#save}
   * @throws io.github.vit4j.error.BadInputException if it cannot be written
   */
  public boolean plot(String title, Path file) {
    Curves curves =
        Curves.of(title, "training images a class", "top-1 on the test images, %").logarithmicX();
    add(curves, "ridge regression", ridge);
    add(curves, "nearest neighbours", neighbours);
    return curves.save(file);
  }

  private void add(Curves curves, String name, List<ShotAccuracy> rows) {
    if (!rows.isEmpty()) {
      curves.curve(
          name,
          rows.stream().map(row -> (double) row.images() / classes).toList(),
          rows.stream().map(ShotAccuracy::mean).toList(),
          rows.stream().map(ShotAccuracy::deviation).toList());
    }
  }
}
