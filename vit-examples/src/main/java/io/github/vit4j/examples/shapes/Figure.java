package io.github.vit4j.examples.shapes;

/** A shape about the origin, within the unit circle. */
enum Figure {
  CIRCLE {
    @Override
    boolean covers(double u, double v) {
      return u * u + v * v < 0.8;
    }
  },
  SQUARE {
    @Override
    boolean covers(double u, double v) {
      return Math.max(Math.abs(u), Math.abs(v)) < 0.7;
    }
  },
  TRIANGLE {
    @Override
    boolean covers(double u, double v) {
      double slope = Math.sqrt(3);
      return v > -0.5 && v < 1 - slope * Math.abs(u);
    }
  },
  STAR {
    @Override
    boolean covers(double u, double v) {
      double fifth = 2 * Math.PI / 5;
      double angle = Math.abs(Math.IEEEremainder(Math.atan2(u, v), fifth)); // 0 at a tip
      double tipToNotch = angle / (fifth / 2);
      return Math.hypot(u, v) < 1 - 0.62 * tipToNotch;
    }
  },
  CROSS {
    @Override
    boolean covers(double u, double v) {
      double a = Math.abs(u);
      double b = Math.abs(v);
      return Math.max(a, b) < 0.95 && Math.min(a, b) < 0.28;
    }
  },
  RING {
    @Override
    boolean covers(double u, double v) {
      double r = Math.hypot(u, v);
      return r < 0.95 && r > 0.55;
    }
  };

  abstract boolean covers(double u, double v);
}
