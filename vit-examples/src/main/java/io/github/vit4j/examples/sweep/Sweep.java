package io.github.vit4j.examples.sweep;

import java.util.ArrayList;
import java.util.List;

/**
 * What a sweep file says: every size with every fraction of the data and every duration.
 *
 * @param title above the plot
 * @param data a tar file or folder, or {@code shapes:N} for drawn images
 * @param testImages how many are measured on, the same part of each class; 0 for all
 * @param seed every draw follows from it
 * @param model what models have in common
 * @param training what trainings have in common
 * @param sizes of models
 * @param fractions of the training images
 * @param epochs durations
 * @param heldOut runs that are kept apart
 */
record Sweep(
    String title,
    String data,
    int testImages,
    long seed,
    Architecture model,
    Training training,
    List<Size> sizes,
    List<Double> fractions,
    List<Integer> epochs,
    List<Cell> heldOut) {

  /** Copies the lists. */
  Sweep {
    sizes = List.copyOf(sizes);
    fractions = List.copyOf(fractions);
    epochs = List.copyOf(epochs);
    heldOut = List.copyOf(heldOut);
  }

  /** {@return all runs but those held out, the short ones first, so that a law shows early} */
  List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (int duration : epochs.stream().sorted().toList()) {
      for (Size size : sizes) {
        for (double fraction : fractions) {
          cells.add(new Cell(size, fraction, duration, false));
        }
      }
    }
    return cells;
  }
}
