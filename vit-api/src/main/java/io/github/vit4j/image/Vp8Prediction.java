package io.github.vit4j.image;

import java.util.Arrays;

/** Predicts blocks from the pixels above and to the left, RFC 6386 section 12. */
final class Vp8Prediction {

  private Vp8Prediction() {}

  /**
   * A whole macroblock's part of a plane.
   *
   * @param size 16 for luma, 8 for chroma
   */
  static void square(Vp8Plane plane, int at, int size, int mode, boolean top, boolean left) {
    switch (mode) {
      case Vp8Modes.DC -> fill(plane, at, size, dc(plane, at, size, top, left));
      case Vp8Modes.TRUE_MOTION -> trueMotion(plane, at, size);
      case Vp8Modes.VERTICAL -> {
        for (int y = 0; y < size; y++) {
          System.arraycopy(
              plane.samples, at - plane.stride, plane.samples, at + y * plane.stride, size);
        }
      }
      default -> {
        for (int y = 0; y < size; y++) {
          int row = at + y * plane.stride;
          Arrays.fill(plane.samples, row, row + size, plane.samples[row - 1]);
        }
      }
    }
  }

  /** At the frame's edges the mean is of the one side there is, not of the border. */
  private static int dc(Vp8Plane plane, int at, int size, boolean top, boolean left) {
    int sum = 0;
    for (int i = 0; i < size; i++) {
      sum += top ? plane.get(at - plane.stride + i) : 0;
      sum += left ? plane.get(at - 1 + i * plane.stride) : 0;
    }
    int count = (top ? size : 0) + (left ? size : 0);
    return count == 0 ? 128 : (sum + count / 2) / count;
  }

  private static void fill(Vp8Plane plane, int at, int size, int value) {
    for (int y = 0; y < size; y++) {
      int row = at + y * plane.stride;
      Arrays.fill(plane.samples, row, row + size, (byte) value);
    }
  }

  private static void trueMotion(Vp8Plane plane, int at, int size) {
    int above = at - plane.stride;
    int corner = plane.get(above - 1);
    for (int y = 0; y < size; y++) {
      int row = at + y * plane.stride;
      int left = plane.get(row - 1) - corner;
      for (int x = 0; x < size; x++) {
        plane.setClipped(row + x, left + plane.get(above + x));
      }
    }
  }

  /**
   * A 4x4 luma block.
   *
   * @param edge scratch for 13 pixels around the block, from the lower left, 0 to 3 upwards, over
   *     the corner, 4, to the upper right, 5 to 12; entries 9 to 12 are given by the caller
   */
  static void block(Vp8Plane plane, int at, int mode, int[] edge) {
    for (int i = 0; i < 4; i++) {
      edge[3 - i] = plane.get(at - 1 + i * plane.stride);
      edge[5 + i] = plane.get(at - plane.stride + i);
    }
    edge[4] = plane.get(at - plane.stride - 1);
    switch (mode) {
      case Vp8Modes.DC -> {
        int sum = 4;
        for (int i = 0; i < 4; i++) {
          sum += edge[i] + edge[5 + i];
        }
        fill(plane, at, 4, sum >> 3);
      }
      case Vp8Modes.TRUE_MOTION -> trueMotion(plane, at, 4);
      default -> {
        for (int y = 0; y < 4; y++) {
          for (int x = 0; x < 4; x++) {
            plane.set(at + y * plane.stride + x, directional(edge, mode, x, y));
          }
        }
      }
    }
  }

  private static int directional(int[] e, int mode, int x, int y) {
    return switch (mode) {
      case Vp8Modes.VERTICAL -> mean3(e, 5 + x);
      case Vp8Modes.HORIZONTAL -> y < 3 ? mean3(e, 3 - y) : (e[1] + 3 * e[0] + 2) >> 2;
      case Vp8Modes.DOWN_RIGHT -> mean3(e, 4 + x - y);
      case Vp8Modes.DOWN_LEFT -> x + y < 6 ? mean3(e, 6 + x + y) : (e[11] + 3 * e[12] + 2) >> 2;
      case Vp8Modes.VERTICAL_RIGHT -> {
        int along = 2 * x - y;
        if (along < -1) {
          yield mean3(e, 5 - y);
        }
        int i = 4 + (along + 1 >> 1);
        yield along % 2 == 0 ? mean2(e, i) : mean3(e, i);
      }
      case Vp8Modes.VERTICAL_LEFT -> {
        // the last column breaks the pattern: its lower two pixels lie one step further on
        if (x == 3 && y >= 2) {
          yield mean3(e, 8 + y);
        }
        int i = 5 + x + y / 2;
        yield y % 2 == 0 ? mean2(e, i) : mean3(e, i + 1);
      }
      case Vp8Modes.HORIZONTAL_DOWN -> {
        int along = 2 * y - x;
        if (along < -1) {
          yield mean3(e, 3 + x);
        }
        int i = 4 - (along + 1 >> 1);
        yield along % 2 == 0 ? mean2(e, i - 1) : mean3(e, i);
      }
      default -> {
        int along = x + 2 * y;
        if (along > 5) {
          yield e[0];
        }
        if (along == 5) {
          yield (e[1] + 3 * e[0] + 2) >> 2;
        }
        int i = 3 - along / 2;
        yield along % 2 == 0 ? mean2(e, i - 1) : mean3(e, i - 1);
      }
    };
  }

  private static int mean2(int[] e, int i) {
    return (e[i] + e[i + 1] + 1) >> 1;
  }

  private static int mean3(int[] e, int centre) {
    return (e[centre - 1] + 2 * e[centre] + e[centre + 1] + 2) >> 2;
  }
}
