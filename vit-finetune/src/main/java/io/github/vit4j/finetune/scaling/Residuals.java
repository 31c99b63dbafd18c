package io.github.vit4j.finetune.scaling;

import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.MultivariateJacobianFunction;
import org.hipparchus.util.Pair;

/**
 * The distance of points from a law, as a least-squares solver wants it.
 *
 * <p>A residual is the difference of logarithms, since runs scatter in proportion to their error.
 * It is bent so that its square is the soft-L1 loss {@code 2 w^2 (sqrt(1 + (r/w)^2) - 1)}: the
 * square for residuals well below the width w, and linear in those beyond, which therefore pull no
 * harder the farther off they are.
 *
 * <p>Free parameters p stand for those of the law, so that every p gives a law within the bounds:
 * with x the compute over its geometric mean, {@code E(x) = exp(p0 - b log((x + d) / (1 + d))) +
 * c}, b = exp(p1), c = sin(p2)^2 times the least error, d = p3^2.
 */
final class Residuals implements MultivariateJacobianFunction {

  static final int PARAMETERS = 4;

  /** Steeper laws say nothing that this one does not, and their a leaves the range of numbers. */
  private static final double STEEPEST = Math.log(10);

  private static final double LARGEST_EXPONENT = 600; // exp still is a number

  private final double[] x;
  private final double[] logError;
  private final double least;
  private final double width;

  /**
   * @param x compute over its geometric mean
   * @param error of each
   * @param width of the loss, in units of the logarithm
   */
  Residuals(double[] x, double[] error, double width) {
    this.x = x;
    this.width = width;
    logError = new double[error.length];
    double smallest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < error.length; i++) {
      logError[i] = Math.log(error[i]);
      smallest = Math.min(smallest, error[i]);
    }
    least = smallest * (1 - 1e-9);
  }

  int points() {
    return x.length;
  }

  /** Free parameters that stand for a law whose x is scaled like these; c must be in bounds. */
  double[] parameters(double level, double b, double c, double d) {
    return new double[] {
      Math.log(level), Math.log(b), Math.asin(Math.sqrt(Math.min(1, c / least))), Math.sqrt(d)
    };
  }

  /** Where to start for given b, d and part of the least error that is c: through the middle. */
  double[] start(double b, double part, double d) {
    double c = part * least;
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += Math.log(Math.exp(logError[i]) - c) + b * Math.log((x[i] + d) / (1 + d));
    }
    return parameters(Math.exp(sum / x.length), b, c, d);
  }

  /** The law in units of compute. */
  ScalingLaw law(double[] p, double unit) {
    double b = b(p);
    double d = p[3] * p[3];
    double a = Math.exp(p[0] + b * (Math.log1p(d) + Math.log(unit)));
    return new ScalingLaw(a, b, c(p), d * unit);
  }

  private static double b(double[] p) {
    return Math.exp(Math.min(p[1], STEEPEST));
  }

  private double c(double[] p) {
    return least * Math.sin(p[2]) * Math.sin(p[2]);
  }

  /** Bent residuals and their derivatives. */
  @Override
  public Pair<RealVector, RealMatrix> value(RealVector point) {
    double[] p = point.toArray();
    double[] bent = new double[x.length];
    double[][] slopes = new double[x.length][PARAMETERS];
    double b = b(p);
    double c = c(p);
    double d = p[3] * p[3];
    for (int i = 0; i < x.length; i++) {
      double far = Math.log((x[i] + d) / (1 + d));
      double exponent = p[0] - b * far;
      double term = Math.exp(Math.max(-LARGEST_EXPONENT, Math.min(LARGEST_EXPONENT, exponent)));
      double error = term + c;
      double residual = logError[i] - Math.log(error);
      double s = Math.hypot(1, residual / width);
      double bend = Math.sqrt(2 / (1 + s));
      bent[i] = residual * bend;
      double slope = -1 / (s * bend * error);
      slopes[i][0] = slope * term;
      slopes[i][1] = -slope * term * b * far;
      slopes[i][2] = slope * least * Math.sin(2 * p[2]);
      slopes[i][3] = -slope * term * b * (1 / (x[i] + d) - 1 / (1 + d)) * 2 * p[3];
    }
    return new Pair<>(new ArrayRealVector(bent, false), MatrixUtils.createRealMatrix(slopes));
  }
}
