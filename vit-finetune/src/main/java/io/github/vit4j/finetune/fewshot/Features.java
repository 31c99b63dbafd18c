package io.github.vit4j.finetune.fewshot;

import io.github.vit4j.error.BadInputException;
import java.util.List;

/**
 * Feature vectors of labelled images, in the order of the images.
 *
 * <p>It keeps the arrays that it is given.
 */
final class Features {

  private final float[][] rows;
  private final int[] labels;
  private final List<String> classes;

  /**
   * @param rows one vector an image, all of one length
   * @param labels the class of each, an index into {@code classes}
   * @param classes their names
   * @throws BadInputException if there is no row, the lengths differ, a value is no finite number
   *     or a label no class
   */
  Features(float[][] rows, int[] labels, List<String> classes) {
    if (rows.length == 0 || rows.length != labels.length) {
      throw new BadInputException(
          "%d feature vectors with %d labels cannot be classified; give at least one, and as many of both"
              .formatted(rows.length, labels.length));
    }
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != rows[0].length || rows[i].length == 0) {
        throw new BadInputException(
            "feature vector %d has %d values and the first has %d; all need the same number, at least one"
                .formatted(i, rows[i].length, rows[0].length));
      }
      if (labels[i] < 0 || labels[i] >= classes.size()) {
        throw new BadInputException(
            "feature vector %d has the label %d, but there are %d classes"
                .formatted(i, labels[i], classes.size()));
      }
      int bad = firstNotFinite(rows[i]);
      if (bad >= 0) {
        throw new BadInputException(
            "value %d of feature vector %d is %s; a model whose weights and preprocessing are right gives finite numbers"
                .formatted(bad, i, rows[i][bad]));
      }
    }
    this.rows = rows;
    this.labels = labels;
    this.classes = List.copyOf(classes);
  }

  /** The index of the first value that is no finite number, or -1. */
  static int firstNotFinite(float[] row) {
    for (int i = 0; i < row.length; i++) {
      if (!Float.isFinite(row[i])) {
        return i;
      }
    }
    return -1;
  }

  int size() {
    return rows.length;
  }

  int width() {
    return rows[0].length;
  }

  float[] row(int index) {
    return rows[index];
  }

  int label(int index) {
    return labels[index];
  }

  List<String> classes() {
    return classes;
  }

  /** Some of the rows, in the order given. */
  Features subset(int[] indices) {
    float[][] chosen = new float[indices.length][];
    int[] own = new int[indices.length];
    for (int i = 0; i < indices.length; i++) {
      chosen[i] = rows[indices[i]];
      own[i] = labels[indices[i]];
    }
    return new Features(chosen, own, classes);
  }

  /** The share of predictions that are right, percent. */
  double percentRight(int[] predictions) {
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      right += predictions[i] == labels[i] ? 1 : 0;
    }
    return 100.0 * right / labels.length;
  }

  /** Whether no value differs from image to image, so that nothing can be told apart. */
  boolean areConstant() {
    for (float[] row : rows) {
      for (int j = 0; j < row.length; j++) {
        if (row[j] != rows[0][j]) {
          return false;
        }
      }
    }
    return true;
  }
}
