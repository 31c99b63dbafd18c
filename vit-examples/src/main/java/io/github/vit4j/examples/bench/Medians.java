package io.github.vit4j.examples.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** The middle of several measurements. */
final class Medians {

  private Medians() {}

  static <T> double of(List<T> samples, ToDoubleFunction<T> value) {
    double[] sorted = samples.stream().mapToDouble(value).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
