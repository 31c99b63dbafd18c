package io.github.vit4j.image;

import java.util.Arrays;

/** The coefficients of one macroblock at a time, RFC 6386 section 13, dequantized. */
final class Vp8Coefficients {

  private static final int LUMA_AFTER_DC = 0;
  private static final int LUMA_DC = 1;
  private static final int CHROMA = 2;
  private static final int LUMA = 3;

  private static final int[] BANDS = {0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 0};
  private static final int[] ZIGZAG = {0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15};
  private static final int[][] LARGE = {
    {173, 148, 140},
    {176, 155, 140, 135},
    {180, 157, 141, 134, 130},
    {254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129},
  };

  private final int[] probabilities;

  /** Whether the block above, of each column, had coefficients: 4 luma, 2 U, 2 V, luma DC. */
  private final int[] above;

  private final int[] left = new int[9];

  /** 16 luma blocks, 4 of U, 4 of V, 16 coefficients each, by rows. */
  final int[] values = new int[24 * 16];

  private final int[] lumaDc = new int[16];

  Vp8Coefficients(Vp8Header header, int columns) {
    probabilities = header.tokenProbabilities;
    above = new int[9 * columns];
  }

  void beginRow() {
    Arrays.fill(left, 0);
  }

  /** A macroblock without coefficients; one predicted per block leaves the DC contexts alone. */
  void skip(int column, boolean perBlock) {
    int contexts = perBlock ? 8 : 9;
    Arrays.fill(above, 9 * column, 9 * column + contexts, 0);
    Arrays.fill(left, 0, contexts, 0);
    Arrays.fill(values, 0);
  }

  /**
   * @return whether any coefficient was coded
   */
  boolean read(Vp8Bits bits, int column, Vp8Header.Quantizer steps, boolean perBlock) {
    Arrays.fill(values, 0);
    int top = 9 * column;
    boolean any = false;
    int type = LUMA;
    int first = 0;
    if (!perBlock) {
      Arrays.fill(lumaDc, 0);
      int end = block(bits, LUMA_DC, above[top + 8] + left[8], steps.lumaDc(), 0, lumaDc, 0);
      above[top + 8] = left[8] = end > 0 ? 1 : 0;
      Vp8Transform.spreadDc(lumaDc, values);
      type = LUMA_AFTER_DC;
      first = 1;
    }
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        int at = 16 * (4 * y + x);
        int context = above[top + x] + left[y];
        int end = block(bits, type, context, steps.luma(), first, values, at);
        above[top + x] = left[y] = end > first ? 1 : 0;
        any |= end > 1 || values[at] != 0;
      }
    }
    for (int plane = 0; plane < 2; plane++) {
      for (int y = 0; y < 2; y++) {
        for (int x = 0; x < 2; x++) {
          int a = top + 4 + 2 * plane + x;
          int l = 4 + 2 * plane + y;
          int at = 16 * (16 + 4 * plane + 2 * y + x);
          int end = block(bits, CHROMA, above[a] + left[l], steps.chroma(), 0, values, at);
          above[a] = left[l] = end > 0 ? 1 : 0;
          any |= end > 0;
        }
      }
    }
    return any;
  }

  /**
   * @return one past the last coefficient that was coded, in zigzag order
   */
  private int block(
      Vp8Bits bits, int type, int context, int[] steps, int first, int[] out, int at) {
    int n = first;
    int p = row(type, n, context);
    while (n < 16) {
      if (!bits.bit(probabilities[p])) {
        return n;
      }
      while (!bits.bit(probabilities[p + 1])) {
        p = row(type, ++n, 0);
        if (n == 16) {
          return 16;
        }
      }
      int level = 1;
      boolean large = bits.bit(probabilities[p + 2]);
      if (large) {
        level = largeLevel(bits, p);
      }
      int value = (bits.flag() ? -level : level) * steps[n > 0 ? 1 : 0];
      out[at + ZIGZAG[n]] = value;
      p = row(type, ++n, large ? 2 : 1);
    }
    return 16;
  }

  private static int row(int type, int n, int context) {
    return Vp8TokenTables.BRANCHES * (3 * (8 * type + BANDS[n]) + context);
  }

  private int largeLevel(Vp8Bits bits, int p) {
    if (!bits.bit(probabilities[p + 3])) {
      if (!bits.bit(probabilities[p + 4])) {
        return 2;
      }
      return bits.bit(probabilities[p + 5]) ? 4 : 3;
    }
    if (!bits.bit(probabilities[p + 6])) {
      if (!bits.bit(probabilities[p + 7])) {
        return bits.bit(159) ? 6 : 5;
      }
      int high = bits.bit(165) ? 9 : 7;
      return high + (bits.bit(145) ? 1 : 0);
    }
    int high = bits.bit(probabilities[p + 8]) ? 1 : 0;
    int category = 2 * high + (bits.bit(probabilities[p + 9 + high]) ? 1 : 0);
    int extra = 0;
    for (int probability : LARGE[category]) {
      extra = 2 * extra + (bits.bit(probability) ? 1 : 0);
    }
    return extra + 3 + (8 << category);
  }
}
