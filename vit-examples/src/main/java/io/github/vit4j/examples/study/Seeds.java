package io.github.vit4j.examples.study;

import java.util.Collection;
import java.util.List;

/** Mean and spread of what was repeated with other seeds. */
record Seeds(double mean, double deviation, int count) {

  /** The sample's standard deviation; 0 for a single value. */
  static Seeds of(Collection<Double> values) {
    List<Double> all = List.copyOf(values);
    double mean = all.stream().mapToDouble(v -> v).average().orElse(Double.NaN);
    double squares = all.stream().mapToDouble(v -> (v - mean) * (v - mean)).sum();
    double deviation = all.size() < 2 ? 0 : Math.sqrt(squares / (all.size() - 1));
    return new Seeds(mean, deviation, all.size());
  }
}
