package io.github.vit4j.finetune.augment;

import java.util.random.RandomGenerator;

/**
 * Draws from the distributions that augmentation needs. Written out, and with StrictMath, because
 * the generators' own methods may differ between Java releases, and a seed must not.
 */
final class Draw {

  private Draw() {}

  static boolean chance(double probability, RandomGenerator random) {
    return random.nextDouble() < probability;
  }

  static double uniform(double low, double high, RandomGenerator random) {
    return low + (high - low) * random.nextDouble();
  }

  /** 0 to bound - 1. */
  static int below(int bound, RandomGenerator random) {
    return (int) (random.nextDouble() * bound);
  }

  static boolean coin(RandomGenerator random) {
    return random.nextDouble() < 0.5;
  }

  /** Standard normal, by Marsaglia's polar method. */
  static double gaussian(RandomGenerator random) {
    while (true) {
      double u = 2 * random.nextDouble() - 1;
      double v = 2 * random.nextDouble() - 1;
      double s = u * u + v * v;
      if (s > 0 && s < 1) {
        return u * StrictMath.sqrt(-2 * StrictMath.log(s) / s);
      }
    }
  }

  /** Beta(alpha, alpha). */
  static double beta(double alpha, RandomGenerator random) {
    return alpha <= 1 ? johnk(alpha, random) : byGammas(alpha, random);
  }

  /** Jöhnk's method in logarithms: for a small alpha the powers themselves underflow. */
  private static double johnk(double alpha, RandomGenerator random) {
    while (true) {
      double x = StrictMath.log(1 - random.nextDouble()) / alpha;
      double y = StrictMath.log(1 - random.nextDouble()) / alpha;
      double larger = Math.max(x, y);
      double logSum = larger + StrictMath.log1p(StrictMath.exp(Math.min(x, y) - larger));
      if (logSum <= 0) {
        return StrictMath.exp(x - logSum);
      }
    }
  }

  private static double byGammas(double alpha, RandomGenerator random) {
    double x = gamma(alpha, random);
    return x / (x + gamma(alpha, random));
  }

  /** Marsaglia and Tsang 2000, for a shape of at least 1. */
  private static double gamma(double shape, RandomGenerator random) {
    double d = shape - 1 / 3.0;
    double c = 1 / StrictMath.sqrt(9 * d);
    while (true) {
      double x = gaussian(random);
      double v = 1 + c * x;
      v = v * v * v;
      if (v > 0
          && StrictMath.log(1 - random.nextDouble())
              < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
        return d * v;
      }
    }
  }
}
