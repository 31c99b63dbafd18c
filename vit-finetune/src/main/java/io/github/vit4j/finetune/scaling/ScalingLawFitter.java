package io.github.vit4j.finetune.scaling;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.RandomStreams;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Fits {@link ScalingLaw} to measured points.
 *
 * <pre>{@code
 * ScalingFit fit = ScalingLawFitter.of(points).fit();
 * System.out.println(fit.law() + ", at 1e15: " + fit.predict(1e15));
 * }</pre>
 *
 * <p>The law is the one of least soft-L1 loss on the logarithm of the error: relative residuals,
 * squared below {@value #DEFAULT_WIDTH}, linear above, with a, b, d not negative and c from 0 to
 * the smallest error; by Levenberg-Marquardt from 27 starts, the same every time.
 *
 * <p>Intervals are bootstrapped: the residuals, widened by sqrt(n / (n - 4)) for the four
 * parameters that they were fitted with, are drawn with replacement, put on the law at the points'
 * compute, and fitted again. So they hold if the law is right and runs scatter alike everywhere;
 * they know nothing of other ways in which an extrapolation may fail.
 */
public final class ScalingLawFitter {

  /**
   * Runs of one size differ by one to three percent of their error; what differs by more is odd.
   */
  public static final double DEFAULT_WIDTH = 0.03;

  /** Enough for the second digit of an interval. */
  public static final int DEFAULT_RESAMPLES = 1000;

  private static final int LEAST_POINTS = Residuals.PARAMETERS;
  private static final double FLAT = 0.01;

  private final List<ScalingPoint> points;
  private boolean frontierOnly;
  private int resamples = DEFAULT_RESAMPLES;
  private long seed;
  private double confidence = 0.95;
  private double width = DEFAULT_WIDTH;

  private ScalingLawFitter(List<ScalingPoint> points) {
    this.points = points;
  }

  /**
   * {@return a fit of points, yet to be run}
   *
   * @param points in any order
   */
  public static ScalingLawFitter of(List<ScalingPoint> points) {
    return new ScalingLawFitter(
        points.stream()
            .sorted(
                Comparator.comparingDouble(ScalingPoint::compute)
                    .thenComparingDouble(ScalingPoint::error))
            .toList());
  }

  /**
   * {@return the best error at each compute: the points that no other one beats with as little}
   *
   * @param points in any order
   */
  public static List<ScalingPoint> frontier(List<ScalingPoint> points) {
    List<ScalingPoint> frontier = new ArrayList<>();
    double best = Double.POSITIVE_INFINITY;
    for (ScalingPoint point : of(points).points) {
      if (point.error() < best) {
        frontier.add(point);
        best = point.error();
      }
    }
    return List.copyOf(frontier);
  }

  /**
   * Fits the frontier alone, as the paper does: for studies that vary size, data and duration, of
   * which most combinations waste compute.
   *
   * @return this
   */
  public ScalingLawFitter frontierOnly() {
    frontierOnly = true;
    return this;
  }

  /**
   * Chooses how many fits intervals are made of.
   *
   * @param fits 0 for no intervals, else 20 to 100000; default {@value #DEFAULT_RESAMPLES}
   * @return this
   * @throws BadInputException if out of range
   */
  public ScalingLawFitter resamples(int fits) {
    if (fits != 0 && (fits < 20 || fits > 100_000)) {
      throw new BadInputException(
          "an interval cannot be made of %d fits; give 20 to 100000, or 0 for none"
              .formatted(fits));
    }
    resamples = fits;
    return this;
  }

  /**
   * Chooses the seed that the draws follow from.
   *
   * @param seed default 0
   * @return this
   */
  public ScalingLawFitter seed(long seed) {
    this.seed = seed;
    return this;
  }

  /**
   * Chooses how sure intervals are to be.
   *
   * @param share above 0 and below 1; default 0.95
   * @return this
   * @throws BadInputException if out of range
   */
  public ScalingLawFitter confidence(double share) {
    if (!(share > 0 && share < 1)) {
      throw new BadInputException(
          "the confidence cannot be %s; give a number between 0 and 1, such as 0.95"
              .formatted(share));
    }
    confidence = share;
    return this;
  }

  /**
   * Chooses from where on a residual counts linearly.
   *
   * @param residual as a part of the error, 0.0001 to 10; default {@value #DEFAULT_WIDTH}
   * @return this
   * @throws BadInputException if out of range
   */
  public ScalingLawFitter width(double residual) {
    if (!(residual >= 1e-4 && residual <= 10)) {
      throw new BadInputException(
          "the loss cannot have a width of %s; give 0.0001 to 10".formatted(residual));
    }
    width = residual;
    return this;
  }

  /**
   * {@return the law, and how well it is known}
   *
   * <p>With four different points for its four parameters the law goes through all of them, and
   * intervals cannot be told. If errors do not fall with compute, the law is flat and a note says
   * so.
   *
   * @throws BadInputException if fewer than four points, or points of fewer than four different
   *     computes are left to fit, or all have the same error
   */
  public ScalingFit fit() {
    List<ScalingPoint> frontier = frontier(points);
    List<ScalingPoint> fitted = frontierOnly ? frontier : points;
    requireEnough(fitted);
    double[] compute = fitted.stream().mapToDouble(ScalingPoint::compute).toArray();
    double[] error = fitted.stream().mapToDouble(ScalingPoint::error).toArray();
    LawSolver solver = new LawSolver(compute, width);
    ScalingLaw law = solver.solve(error);

    List<String> notes = new ArrayList<>();
    if (law.error(compute[compute.length - 1]) > (1 - FLAT) * law.error(compute[0])) {
      notes.add("errors do not fall with compute, so the law is flat and predicts nothing");
    }
    double[] residuals = residuals(law, compute, error);
    if (residuals.length == 0) {
      notes.add("4 points determine the law's 4 parameters exactly, so intervals are unknown");
    }
    List<ScalingLaw> resampled =
        residuals.length == 0 ? List.of() : resampled(solver, law, compute, residuals);
    return new ScalingFit(
        law, points, fitted, frontier, resampled, residuals, seed, confidence, notes);
  }

  private void requireEnough(List<ScalingPoint> fitted) {
    long computes = fitted.stream().mapToDouble(ScalingPoint::compute).distinct().count();
    if (computes < LEAST_POINTS) {
      throw new BadInputException(
          "a law of four parameters needs points of at least four different computes, but %s %d with %d; measure more runs%s"
              .formatted(
                  frontierOnly ? "the frontier has" : "there are",
                  fitted.size(),
                  computes,
                  frontierOnly ? ", or fit all points" : ""));
    }
    if (fitted.stream().mapToDouble(ScalingPoint::error).distinct().count() == 1) {
      throw new BadInputException(
          "all %d points have the error %s, so no law can be told; measure runs that differ"
              .formatted(fitted.size(), fitted.get(0).error()));
    }
  }

  /** Logarithms of error over law, widened for the fitted parameters; none if none is left. */
  private static double[] residuals(ScalingLaw law, double[] compute, double[] error) {
    int n = error.length;
    if (n <= Residuals.PARAMETERS) {
      return new double[0];
    }
    double wider = Math.sqrt((double) n / (n - Residuals.PARAMETERS));
    double[] residuals = new double[n];
    for (int i = 0; i < n; i++) {
      residuals[i] = wider * Math.log(error[i] / law.error(compute[i]));
    }
    return residuals;
  }

  private List<ScalingLaw> resampled(
      LawSolver solver, ScalingLaw law, double[] compute, double[] residuals) {
    List<ScalingLaw> laws = new ArrayList<>();
    double[] error = new double[compute.length];
    for (int k = 0; k < resamples; k++) {
      SplittableRandom random = RandomStreams.of(seed, k);
      for (int i = 0; i < error.length; i++) {
        double residual = residuals[random.nextInt(residuals.length)];
        error[i] = law.error(compute[i]) * Math.exp(residual);
      }
      laws.add(solver.solve(error, law));
    }
    return laws;
  }
}
