package io.github.vit4j.finetune.fewshot;

import java.util.Arrays;
import org.hipparchus.linear.CholeskyDecomposition;
import org.hipparchus.linear.MatrixUtils;
import org.hipparchus.linear.RealMatrix;

/**
 * Least squares with L2 regularisation from features to targets of -1 and +1, in closed form: the
 * few-shot classifier of "Scaling Vision Transformers" (Zhai et al. 2022) as big_vision computes it
 * ({@code evaluators/fewshot_lsr.py}).
 *
 * <p>W = (A'A + l2 I)^-1 A'Y, or the equal A'(AA' + l2 I)^-1 Y where there are fewer examples than
 * features, so that the system solved is the smaller one. It is positive definite, its smallest
 * eigenvalue at least l2; Cholesky in float64.
 */
final class RidgeClassifier {

  /** The protocol's. */
  static final double DEFAULT_L2 = 1024;

  private static final int CHUNK = 1024;

  /** The products of the library are symmetric but for the last bits. */
  private static final double SYMMETRY = 1e-9;

  private final Standardization standardization;
  private final RealMatrix weights; // (width + 1, classes)

  private RidgeClassifier(Standardization standardization, RealMatrix weights) {
    this.standardization = standardization;
    this.weights = weights;
  }

  static RidgeClassifier fit(Features support, double l2) {
    Standardization standardization = new Standardization(support);
    int n = support.size();
    int width = support.width() + 1;
    RealMatrix weights;
    if (n < width) {
      RealMatrix a = MatrixUtils.createRealMatrix(standardization.apply(support, 0, n));
      RealMatrix system = a.multiplyTransposed(a);
      weights = a.transposeMultiply(solve(system, targets(support, 0, n), l2));
    } else {
      RealMatrix system = MatrixUtils.createRealMatrix(width, width);
      RealMatrix right = MatrixUtils.createRealMatrix(width, support.classes().size());
      for (int from = 0; from < n; from += CHUNK) { // so that no large copy is needed
        int to = Math.min(from + CHUNK, n);
        RealMatrix a = MatrixUtils.createRealMatrix(standardization.apply(support, from, to));
        system = system.add(a.transposeMultiply(a));
        right = right.add(a.transposeMultiply(targets(support, from, to)));
      }
      weights = solve(system, right, l2);
    }
    return new RidgeClassifier(standardization, weights);
  }

  private static RealMatrix solve(RealMatrix system, RealMatrix right, double l2) {
    for (int i = 0; i < system.getRowDimension(); i++) {
      system.addToEntry(i, i, l2);
    }
    return new CholeskyDecomposition(system, SYMMETRY, 0).getSolver().solve(right);
  }

  private static RealMatrix targets(Features support, int from, int to) {
    double[][] targets = new double[to - from][support.classes().size()];
    for (int i = from; i < to; i++) {
      Arrays.fill(targets[i - from], -1);
      targets[i - from][support.label(i)] = 1;
    }
    return MatrixUtils.createRealMatrix(targets);
  }

  /** The weights, (width + 1, classes); the last row belongs to the constant feature. */
  double[][] weights() {
    return weights.getData();
  }

  /** The scores of rows {@code from} to {@code to}, (to - from, classes). */
  double[][] scores(Features features, int from, int to) {
    return MatrixUtils.createRealMatrix(standardization.apply(features, from, to))
        .multiply(weights)
        .getData();
  }

  /** The class of the highest score of each row, the lower one of equals. */
  int[] predict(Features features) {
    int[] predictions = new int[features.size()];
    for (int from = 0; from < predictions.length; from += CHUNK) {
      int to = Math.min(from + CHUNK, predictions.length);
      double[][] scores = scores(features, from, to);
      for (int i = from; i < to; i++) {
        predictions[i] = best(scores[i - from]);
      }
    }
    return predictions;
  }

  private static int best(double[] scores) {
    int best = 0;
    for (int i = 1; i < scores.length; i++) {
      best = scores[i] > scores[best] ? i : best;
    }
    return best;
  }
}
