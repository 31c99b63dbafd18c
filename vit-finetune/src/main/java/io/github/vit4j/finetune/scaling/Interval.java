package io.github.vit4j.finetune.scaling;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * What lies between two quantiles.
 *
 * @param low the lower one; NaN where it cannot be told
 * @param high the upper one; NaN where it cannot be told
 */
public record Interval(double low, double high) {

  static final Interval UNKNOWN = new Interval(Double.NaN, Double.NaN);

  /** The middle part of the values; quantiles are interpolated between neighbours. */
  static Interval of(DoubleStream values, double confidence) {
    double[] sorted = values.toArray();
    if (sorted.length == 0) {
      return UNKNOWN;
    }
    Arrays.sort(sorted);
    return new Interval(
        quantile(sorted, (1 - confidence) / 2), quantile(sorted, (1 + confidence) / 2));
  }

  private static double quantile(double[] sorted, double part) {
    double at = part * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** {@return whether a value lies in it; never in one that cannot be told} */
  public boolean contains(double value) {
    return value >= low && value <= high;
  }
}
