package io.github.vit4j.model;

import java.util.function.DoubleSupplier;

/** Slopes of a loss by differences, to hold gradients against. */
final class Slopes {

  private Slopes() {}

  /** The loss's slope along a parameter's gradient: the gradient's length, if it is right. */
  static double along(ViTParameter p, float[] gradient, double step, DoubleSupplier loss) {
    float[] values = p.array().toFloatArray();
    double norm = Math.max(length(gradient), 1e-12);
    double difference = 0;
    for (int sign : new int[] {-1, 1}) {
      float[] moved = values.clone();
      for (int i = 0; i < moved.length; i++) {
        moved[i] += (float) (sign * step / norm * gradient[i]);
      }
      p.array().set(moved);
      difference += sign * loss.getAsDouble();
    }
    p.array().set(values);
    return difference / (2 * step);
  }

  static double length(float[] values) {
    return Math.sqrt(values.length * meanSquare(values));
  }

  static double meanSquare(float[] values) {
    double sum = 0;
    for (float v : values) {
      sum += (double) v * v;
    }
    return sum / Math.max(values.length, 1);
  }
}
