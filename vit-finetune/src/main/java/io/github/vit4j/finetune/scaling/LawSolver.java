package io.github.vit4j.finetune.scaling;

import java.util.Arrays;
import org.hipparchus.exception.MathRuntimeException;
import org.hipparchus.linear.RealMatrix;
import org.hipparchus.linear.RealVector;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LeastSquaresBuilder;
import org.hipparchus.optim.nonlinear.vector.leastsquares.LevenbergMarquardtOptimizer;
import org.hipparchus.util.Pair;

/** Finds the law that is nearest to points: Levenberg-Marquardt from several starts. */
final class LawSolver {

  private static final double TIGHT = 1e-12;
  private static final int MANY_STEPS = 500;

  /** Enough for a law that is one of a thousand. */
  private static final double LOOSE = 1e-7;

  private static final int SOME_STEPS = 60;
  private static final double[] SLOPES = {0.1, 0.3, 0.8};
  private static final double[] FLOORS = {0.02, 0.5, 0.9};

  private final double[] x;
  private final double unit;
  private final double width;

  /**
   * @param compute of each point
   * @param width of the loss, in units of the logarithm of the error
   */
  LawSolver(double[] compute, double width) {
    this.width = width;
    unit = Math.exp(Arrays.stream(compute).map(Math::log).average().orElse(0));
    x = Arrays.stream(compute).map(c -> c / unit).toArray();
  }

  /** The best law from a grid of starts. */
  ScalingLaw solve(double[] error) {
    Residuals residuals = new Residuals(x, error, width);
    Search search = new Search(residuals);
    double least = Arrays.stream(x).min().orElse(1);
    for (double b : SLOPES) {
      for (double part : FLOORS) {
        for (double d : new double[] {0.1 * least, 3 * least, 1}) {
          search.from(residuals.start(b, part, d), TIGHT, MANY_STEPS);
        }
      }
    }
    search.from(search.best.clone(), TIGHT, MANY_STEPS);
    return residuals.law(search.best, unit);
  }

  /** The best law near another one, for points that differ a little. */
  ScalingLaw solve(double[] error, ScalingLaw near) {
    Residuals residuals = new Residuals(x, error, width);
    double d = near.d() / unit;
    double level = Math.max(1e-300, near.a() * Math.pow(unit * (1 + d), -near.b()));
    Search search = new Search(residuals);
    search.from(residuals.parameters(level, near.b(), near.c(), d), LOOSE, SOME_STEPS);
    // a floor that vanished has no slope to return by
    double b = Math.min(2, Math.max(0.05, near.b()));
    search.from(residuals.start(b, 0.5, Math.max(d, 1e-3)), LOOSE, SOME_STEPS);
    return residuals.law(search.best, unit);
  }

  /** Keeps the best point that any search has passed, also of those that ended without one. */
  private static final class Search {
    private final Residuals residuals;
    private double[] best = new double[Residuals.PARAMETERS];
    private double least = Double.POSITIVE_INFINITY;

    Search(Residuals residuals) {
      this.residuals = residuals;
    }

    void from(double[] start, double tolerance, int steps) {
      LevenbergMarquardtOptimizer optimizer =
          new LevenbergMarquardtOptimizer()
              .withCostRelativeTolerance(tolerance)
              .withParameterRelativeTolerance(tolerance);
      try {
        optimizer.optimize(
            new LeastSquaresBuilder()
                .model(this::value)
                .target(new double[residuals.points()])
                .start(start)
                .maxEvaluations(steps)
                .maxIterations(steps)
                .build());
      } catch (MathRuntimeException e) {
        return; // out of steps, or as good as numbers get: what was passed is kept
      }
    }

    private Pair<RealVector, RealMatrix> value(RealVector point) {
      Pair<RealVector, RealMatrix> found = residuals.value(point);
      double cost = found.getFirst().getNorm();
      if (cost < least) {
        least = cost;
        best = point.toArray();
      }
      return found;
    }
  }
}
