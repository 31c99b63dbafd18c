package io.github.vit4j.model;

/**
 * Resamples vectors that lie on a grid, as timm resamples position embeddings: bicubic with
 * antialiasing, half-pixel centres, the cubic's parameter -0.5, weights renormalised at the border
 * (PyTorch's antialiased interpolation).
 */
final class GridResampler {

  /** Rows and columns. */
  record Grid(int height, int width) {
    int size() {
      return height * width;
    }
  }

  private GridResampler() {}

  /**
   * @param values (prefix + from.size() + suffix, D), flattened
   * @param prefix leading vectors that are kept as they are
   * @param suffix trailing vectors that are kept as they are
   * @param from the grid they lie on
   * @param to the grid wanted
   * @return (prefix + to.size() + suffix, D), flattened
   */
  static float[] resample(float[] values, int prefix, int suffix, Grid from, Grid to) {
    if (from.equals(to)) {
      return values.clone();
    }
    int d = values.length / (prefix + from.size() + suffix);
    float[][] columnWeights = weights(from.width(), to.width());
    float[][] rowWeights = weights(from.height(), to.height());
    float[] wide = new float[from.height() * to.width() * d];
    for (int y = 0; y < from.height(); y++) {
      for (int x = 0; x < to.width(); x++) {
        int at = (y * to.width() + x) * d;
        int row = (prefix + y * from.width()) * d;
        blend(values, row, d, columnWeights[x], wide, at, d);
      }
    }
    float[] out = new float[(prefix + to.size() + suffix) * d];
    System.arraycopy(values, 0, out, 0, prefix * d);
    for (int y = 0; y < to.height(); y++) {
      for (int x = 0; x < to.width(); x++) {
        int at = (prefix + y * to.width() + x) * d;
        blend(wide, x * d, to.width() * d, rowWeights[y], out, at, d);
      }
    }
    System.arraycopy(values, values.length - suffix * d, out, out.length - suffix * d, suffix * d);
    return out;
  }

  private static void blend(
      float[] in, int start, int stride, float[] weights, float[] out, int at, int d) {
    for (int i = 0; i < weights.length; i++) {
      float w = weights[i];
      if (w != 0) {
        int from = start + i * stride;
        for (int c = 0; c < d; c++) {
          out[at + c] += w * in[from + c];
        }
      }
    }
  }

  /** For each output position, the weight of every input position. */
  private static float[][] weights(int from, int to) {
    double scale = (double) from / to;
    double stretch = Math.max(scale, 1);
    double support = 2 * stretch;
    float[][] weights = new float[to][from];
    for (int i = 0; i < to; i++) {
      double center = scale * (i + 0.5);
      int first = Math.max((int) (center - support + 0.5), 0);
      int last = Math.min((int) (center + support + 0.5), from);
      double total = 0;
      for (int j = first; j < last; j++) {
        total += cubic((j - center + 0.5) / stretch);
      }
      for (int j = first; j < last; j++) {
        weights[i][j] = (float) (cubic((j - center + 0.5) / stretch) / total);
      }
    }
    return weights;
  }

  private static double cubic(double distance) {
    double a = -0.5;
    double x = Math.abs(distance);
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }
}
