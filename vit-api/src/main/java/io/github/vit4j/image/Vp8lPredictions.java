package io.github.vit4j.image;

/** The ways to predict a colour from its neighbours, in each of its four bytes. */
final class Vp8lPredictions {

  private Vp8lPredictions() {}

  static int of(int way, int[] argb, int at, int width) {
    int left = argb[at - 1];
    int top = argb[at - width];
    int corner = argb[at - width - 1];
    int right = argb[at - width + 1]; // at a row's end this row's first pixel, as it should be
    return switch (way) {
      case 1 -> left;
      case 2 -> top;
      case 3 -> right;
      case 4 -> corner;
      case 5 -> mean(mean(left, right), top);
      case 6 -> mean(left, corner);
      case 7 -> mean(left, top);
      case 8 -> mean(corner, top);
      case 9 -> mean(top, right);
      case 10 -> mean(mean(left, corner), mean(top, right));
      case 11 -> distance(top, corner) < distance(left, corner) ? left : top;
      case 12 -> gradient(left, top, corner);
      case 13 -> halfGradient(mean(left, top), corner);
      default -> 0xff000000;
    };
  }

  private static int mean(int a, int b) {
    return ((a ^ b) >>> 1 & 0x7f7f7f7f) + (a & b);
  }

  private static int distance(int a, int b) {
    int sum = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      sum += Math.abs((a >> shift & 0xff) - (b >> shift & 0xff));
    }
    return sum;
  }

  private static int gradient(int left, int top, int corner) {
    int colour = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int level = (left >> shift & 0xff) + (top >> shift & 0xff) - (corner >> shift & 0xff);
      colour |= clipped(level) << shift;
    }
    return colour;
  }

  private static int halfGradient(int mean, int corner) {
    int colour = 0;
    for (int shift = 0; shift < 32; shift += 8) {
      int level = mean >> shift & 0xff;
      colour |= clipped(level + (level - (corner >> shift & 0xff)) / 2) << shift;
    }
    return colour;
  }

  private static int clipped(int level) {
    return Math.max(0, Math.min(255, level));
  }
}
