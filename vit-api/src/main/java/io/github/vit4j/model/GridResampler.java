package io.github.vit4j.model;

/** Resamples vectors that lie on a grid, such as position embeddings: columns first, then rows. */
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
   * @param axis how the samples along either axis are mixed
   * @return (prefix + to.size() + suffix, D), flattened
   */
  static float[] resample(
      float[] values, int prefix, int suffix, Grid from, Grid to, AxisWeights axis) {
    if (from.equals(to)) {
      return values.clone();
    }
    int d = values.length / (prefix + from.size() + suffix);
    double[][] columnWeights = axis.of(from.width(), to.width());
    double[][] rowWeights = axis.of(from.height(), to.height());
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
      float[] in, int start, int stride, double[] weights, float[] out, int at, int d) {
    for (int i = 0; i < weights.length; i++) {
      float w = (float) weights[i];
      if (w != 0) {
        int from = start + i * stride;
        for (int c = 0; c < d; c++) {
          out[at + c] += w * in[from + c];
        }
      }
    }
  }
}
