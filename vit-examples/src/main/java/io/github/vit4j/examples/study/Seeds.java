package io.github.vit4j.examples.study;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Mean and spread of what was repeated with other seeds.
 *
 * @param mean not a number without values
 * @param deviation the sample's standard deviation; 0 for a single value
 * @param count how many values there are
 */
public record Seeds(double mean, double deviation, int count) {

  /**
   * {@return mean and spread}
   *
   * @param values one a seed
   */
  public static Seeds of(Collection<Double> values) {
    List<Double> all = List.copyOf(values);
    double mean = all.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    double squares = all.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    double deviation = all.size() < 2 ? 0 : Math.sqrt(squares / (all.size() - 1));
    return new Seeds(mean, deviation, all.size());
  }

  /** The mean with two decimals, and the deviation where there is one. */
  @Override
  public String toString() {
    return count < 2
        ? String.format(Locale.ROOT, "%.2f", mean)
        : String.format(Locale.ROOT, "%.2f ± %.2f", mean, deviation);
  }
}
