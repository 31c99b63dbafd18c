package io.github.vit4j.model;

import io.github.vit4j.config.PositionResampling;

/**
 * How the samples along one axis of a grid are mixed to give another number of samples. The
 * formulas are PyTorch's {@code interpolate}, for {@link #LINEAR_CORNERS} SciPy's {@code zoom}, and
 * for {@link #LINEAR_GEOMETRIC} that of timm, which BEiT's code began.
 */
enum AxisWeights {
  /** Stretched when shrinking, cut off and renormalised at the border. */
  CUBIC_ANTIALIASED {
    @Override
    double[][] of(int from, int to) {
      double scale = (double) from / to;
      double stretch = Math.max(scale, 1);
      double support = 2 * stretch;
      double[][] weights = new double[to][from];
      for (int i = 0; i < to; i++) {
        double center = scale * (i + 0.5);
        int first = Math.max((int) (center - support + 0.5), 0);
        int last = Math.min((int) (center + support + 0.5), from);
        double total = 0;
        for (int j = first; j < last; j++) {
          weights[i][j] = cubic((j - center + 0.5) / stretch, -0.5);
          total += weights[i][j];
        }
        for (int j = first; j < last; j++) {
          weights[i][j] /= total;
        }
      }
      return weights;
    }
  },

  /** Four samples, those beyond the border being the outermost one again. */
  CUBIC {
    @Override
    double[][] of(int from, int to) {
      return cubic(from, to, (double) from / to);
    }
  },

  /** As {@link #CUBIC}, but with the scale of a grid that is a tenth of a cell larger. */
  CUBIC_OFFSET {
    @Override
    double[][] of(int from, int to) {
      return cubic(from, to, from / (to + 0.1));
    }
  },

  /** Two samples, half-pixel centres. */
  LINEAR {
    @Override
    double[][] of(int from, int to) {
      double[][] weights = new double[to][from];
      for (int i = 0; i < to; i++) {
        between(weights[i], Math.max((double) from / to * (i + 0.5) - 0.5, 0));
      }
      return weights;
    }
  },

  /** Two samples, corners on corners. */
  LINEAR_CORNERS {
    @Override
    double[][] of(int from, int to) {
      double[][] weights = new double[to][from];
      for (int i = 0; i < to; i++) {
        between(weights[i], to == 1 ? 0 : (double) i * (from - 1) / (to - 1));
      }
      return weights;
    }
  },

  /**
   * Two samples, the middle on the middle, and the samples' distances from there growing by a
   * constant factor, so that the outermost ones meet: offsets of a patch or two keep their meaning.
   */
  LINEAR_GEOMETRIC {
    @Override
    double[][] of(int from, int to) {
      double[] places = geometric(from, to);
      double[][] weights = new double[to][from];
      for (int i = 0; i < to; i++) {
        int offset = i - to / 2;
        int below = 0;
        while (below < from - 2 && places[below + 1] <= offset) {
          below++;
        }
        double gap = from == 1 ? 1 : places[below + 1] - places[below];
        double at = below + (offset - places[below]) / gap;
        between(weights[i], Math.min(Math.max(at, 0), from - 1));
      }
      return weights;
    }
  };

  /** The weight of every input sample, for each output sample. */
  abstract double[][] of(int from, int to);

  /** For absolute positions. */
  static AxisWeights ofPositions(PositionResampling resampling) {
    return switch (resampling) {
      case BICUBIC_ANTIALIASED -> CUBIC_ANTIALIASED;
      case BICUBIC -> CUBIC;
      case BICUBIC_OFFSET -> CUBIC_OFFSET;
      case BILINEAR_CORNERS -> LINEAR_CORNERS;
    };
  }

  /** For BEiT's tables of relative positions. */
  static AxisWeights ofTables(PositionResampling resampling) {
    return resampling == PositionResampling.BICUBIC_ANTIALIASED ? LINEAR_GEOMETRIC : LINEAR;
  }

  /** The offsets of {@code from} samples, 0 in the middle, of which the last is {@code to / 2}. */
  private static double[] geometric(int from, int to) {
    int steps = from / 2;
    double low = 1.01; // timm's limits, which may leave the last one short of or beyond that
    double high = 1.5;
    double growth = low;
    while (high - low > 1e-6) {
      growth = (low + high) / 2;
      if ((1 - Math.pow(growth, steps)) / (1 - growth) > to / 2) {
        high = growth;
      } else {
        low = growth;
      }
    }
    double[] places = new double[from];
    double step = 1;
    for (int i = 1; i <= steps; i++) {
      places[steps - i] = places[steps - i + 1] - step;
      if (steps + i < from) {
        places[steps + i] = places[steps + i - 1] + step;
      }
      step *= growth;
    }
    return places;
  }

  private static double[][] cubic(int from, int to, double scale) {
    double[][] weights = new double[to][from];
    for (int i = 0; i < to; i++) {
      double at = scale * (i + 0.5) - 0.5;
      int below = (int) Math.floor(at);
      for (int j = below - 1; j <= below + 2; j++) {
        weights[i][Math.min(Math.max(j, 0), from - 1)] += cubic(j - at, -0.75);
      }
    }
    return weights;
  }

  private static double cubic(double distance, double a) {
    double x = Math.abs(distance);
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }

  private static void between(double[] weights, double at) {
    int below = Math.min((int) at, weights.length - 1);
    double above = at - below;
    weights[below] += 1 - above;
    weights[Math.min(below + 1, weights.length - 1)] += above;
  }
}
