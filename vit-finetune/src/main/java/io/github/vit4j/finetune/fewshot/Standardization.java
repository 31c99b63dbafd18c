package io.github.vit4j.finetune.fewshot;

/**
 * Brings each feature to mean 0 and deviation 1 over the support, and appends the constant that
 * serves as bias. Large, it is hardly held back by the regularisation.
 */
final class Standardization {

  private static final double EPSILON = 1e-5;
  private static final double BIAS = 100;

  private final double[] mean;
  private final double[] scale;

  Standardization(Features support) {
    int n = support.size();
    mean = new double[support.width()];
    scale = new double[mean.length];
    for (int i = 0; i < n; i++) {
      float[] row = support.row(i);
      for (int j = 0; j < mean.length; j++) {
        mean[j] += (double) row[j] / n;
      }
    }
    for (int i = 0; i < n; i++) {
      float[] row = support.row(i);
      for (int j = 0; j < mean.length; j++) {
        scale[j] += (row[j] - mean[j]) * (row[j] - mean[j]) / n;
      }
    }
    for (int j = 0; j < mean.length; j++) {
      scale[j] = Math.sqrt(scale[j]) + EPSILON;
    }
  }

  /** Rows {@code from} to {@code to}, (to - from, width + 1). */
  double[][] apply(Features features, int from, int to) {
    double[][] out = new double[to - from][mean.length + 1];
    for (int i = from; i < to; i++) {
      float[] row = features.row(i);
      double[] standard = out[i - from];
      for (int j = 0; j < mean.length; j++) {
        standard[j] = (row[j] - mean[j]) / scale[j];
      }
      standard[mean.length] = BIAS;
    }
    return out;
  }
}
