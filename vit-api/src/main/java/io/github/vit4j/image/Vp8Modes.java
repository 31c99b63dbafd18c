package io.github.vit4j.image;

import java.util.Arrays;

/** How each macroblock is predicted: its segment and modes, RFC 6386 sections 10 and 11. */
final class Vp8Modes {

  static final int DC = 0;
  static final int TRUE_MOTION = 1;
  static final int VERTICAL = 2;
  static final int HORIZONTAL = 3;
  static final int DOWN_LEFT = 4;
  static final int DOWN_RIGHT = 5;
  static final int VERTICAL_RIGHT = 6;
  static final int VERTICAL_LEFT = 7;
  static final int HORIZONTAL_DOWN = 8;
  static final int HORIZONTAL_UP = 9;

  /** Leaves are stored as their bitwise complement; the branch at i goes to i or i + 1. */
  private static final int[] TREE = {
    ~DC,
    2,
    ~TRUE_MOTION,
    4,
    ~VERTICAL,
    6,
    8,
    12,
    ~HORIZONTAL,
    10,
    ~DOWN_RIGHT,
    ~VERTICAL_RIGHT,
    ~DOWN_LEFT,
    14,
    ~VERTICAL_LEFT,
    16,
    ~HORIZONTAL_DOWN,
    ~HORIZONTAL_UP,
  };

  private final Vp8Header header;
  private final Vp8Bits bits;
  private final int[] above;
  private final int[] left = new int[4];

  // of the macroblock read last
  int segment;
  boolean skipped;
  boolean perBlock;
  int luma;
  int chroma;
  final int[] blocks = new int[16];

  Vp8Modes(Vp8Header header, Vp8Bits bits, int columns) {
    this.header = header;
    this.bits = bits;
    above = new int[4 * columns];
  }

  void beginRow() {
    Arrays.fill(left, DC);
  }

  void read(int column) {
    segment = header.readSegment(bits);
    skipped = header.skipProbability >= 0 && bits.bit(header.skipProbability);
    perBlock = !bits.bit(145);
    if (perBlock) {
      readBlocks(column);
    } else {
      luma =
          bits.bit(156)
              ? (bits.bit(128) ? TRUE_MOTION : HORIZONTAL)
              : (bits.bit(163) ? VERTICAL : DC);
      Arrays.fill(left, luma);
      Arrays.fill(above, 4 * column, 4 * column + 4, luma);
    }
    if (!bits.bit(142)) {
      chroma = DC;
    } else if (!bits.bit(114)) {
      chroma = VERTICAL;
    } else {
      chroma = bits.bit(183) ? TRUE_MOTION : HORIZONTAL;
    }
  }

  private void readBlocks(int column) {
    for (int y = 0; y < 4; y++) {
      for (int x = 0; x < 4; x++) {
        int row = 9 * (10 * above[4 * column + x] + left[y]);
        int node = 0;
        do {
          node = TREE[node + (bits.bit(Vp8Tables.BLOCK_MODES[row + node / 2]) ? 1 : 0)];
        } while (node > 0);
        int mode = ~node;
        blocks[4 * y + x] = mode;
        above[4 * column + x] = mode;
        left[y] = mode;
      }
    }
  }
}
