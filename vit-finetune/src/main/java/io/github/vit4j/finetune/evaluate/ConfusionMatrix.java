package io.github.vit4j.finetune.evaluate;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.file.WholeFile;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;

/**
 * How often images of each class were taken for each class: rows are the true classes, columns the
 * predicted ones.
 */
public final class ConfusionMatrix {

  /** Above this, a table of all pairs is too large to look at, and to make. */
  private static final int MOST_SHOWN = 2000;

  private static final int PICTURE = 640;

  private final List<String> classes;

  /** What a class was taken for, by index. Of thousands of classes nearly all pairs never occur. */
  private final List<Map<Integer, Long>> rows = new ArrayList<>();

  /**
   * An empty matrix.
   *
   * @param classes their names, at least one
   */
  public ConfusionMatrix(List<String> classes) {
    if (classes.isEmpty()) {
      throw new BadInputException("a confusion matrix needs at least one class");
    }
    this.classes = List.copyOf(classes);
    for (int i = 0; i < classes.size(); i++) {
      rows.add(new TreeMap<>());
    }
  }

  /**
   * Counts one image.
   *
   * @param actual index of its class
   * @param predicted index of the class that the model found most probable
   * @throws BadInputException if there is no such class
   */
  public void add(int actual, int predicted) {
    int size = classes.size();
    if (actual < 0 || actual >= size || predicted < 0 || predicted >= size) {
      throw new BadInputException(
          "class %d taken for class %d: there are classes 0 to %d"
              .formatted(actual, predicted, size - 1));
    }
    rows.get(actual).merge(predicted, 1L, Long::sum);
  }

  /**
   * {@return how many images of a class were taken for a class}
   *
   * @param actual index of the true class
   * @param predicted index of the class found
   */
  public long count(int actual, int predicted) {
    return rows.get(actual).getOrDefault(predicted, 0L);
  }

  /** {@return the share of all images that were taken for what they are; 0 if there is none} */
  public double accuracy() {
    long all = 0;
    long right = 0;
    for (int i = 0; i < classes.size(); i++) {
      all += total(i);
      right += count(i, i);
    }
    return all == 0 ? 0 : (double) right / all;
  }

  /**
   * {@return the mean over classes of the share of their images that were recognised, which is what
   * Flowers-102 and other small sets report; classes without an image do not count}
   */
  public double meanClassAccuracy() {
    double sum = 0;
    int seen = 0;
    for (int i = 0; i < classes.size(); i++) {
      long total = total(i);
      if (total > 0) {
        sum += (double) count(i, i) / total;
        seen++;
      }
    }
    return seen == 0 ? 0 : sum / seen;
  }

  private long total(int actual) {
    return rows.get(actual).values().stream().mapToLong(Long::longValue).sum();
  }

  /** {@return whether there are few enough classes, at most 2,000, for a file or a picture} */
  public boolean canBeShown() {
    return classes.size() <= MOST_SHOWN;
  }

  private void requireFew() {
    if (!canBeShown()) {
      throw new BadInputException(
          "a confusion matrix of %d classes would be too large a file; there is one of up to %d"
              .formatted(classes.size(), MOST_SHOWN));
    }
  }

  /**
   * Writes the counts, whole or not at all.
   *
   * @param file CSV: the predicted classes' names, then a line for each true class
   * @throws BadInputException if it cannot be written, or there are more than 2,000 classes
   */
  public void saveCsv(Path file) {
    requireFew();
    StringBuilder text = new StringBuilder("actual\\predicted");
    classes.forEach(name -> text.append(',').append(Csv.cell(name)));
    text.append('\n');
    for (int i = 0; i < classes.size(); i++) {
      text.append(Csv.cell(classes.get(i)));
      for (int k = 0; k < classes.size(); k++) {
        text.append(',').append(count(i, k));
      }
      text.append('\n');
    }
    WholeFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Draws the matrix, row by row from the top, each row by the share of its class: white is none of
   * its images, dark blue all of them. It has no text, so it needs no fonts.
   *
   * @param file PNG, about 640 x 640 pixels, at least one a class
   * @throws BadInputException if it cannot be written, or there are more than 2,000 classes
   */
  public void savePicture(Path file) {
    requireFew();
    int size = classes.size();
    int cell = Math.max(1, PICTURE / size);
    int side = cell * size;
    BufferedImage image = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < size; row++) {
      long total = Math.max(1, total(row));
      for (int column = 0; column < size; column++) {
        // the square root lets the few mistakes be seen beside the many hits
        int colour = colour(Math.sqrt((double) count(row, column) / total));
        for (int y = 0; y < cell; y++) {
          for (int x = 0; x < cell; x++) {
            image.setRGB(column * cell + x, row * cell + y, colour);
          }
        }
      }
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    WholeFile.write(file, png.toByteArray());
  }

  private static int colour(double share) {
    int red = (int) Math.round(255 - share * 247);
    int green = (int) Math.round(255 - share * 207);
    int blue = (int) Math.round(255 - share * 148);
    return red << 16 | green << 8 | blue;
  }
}
