package io.github.vit4j.image;

/** VP8's inverse transforms, RFC 6386 section 14. */
final class Vp8Transform {

  private Vp8Transform() {}

  /** The inverse Walsh-Hadamard transform: 16 DC coefficients, one to each luma block. */
  static void spreadDc(int[] in, int[] blocks) {
    int[] columns = new int[16];
    for (int i = 0; i < 4; i++) {
      int a0 = in[i] + in[12 + i];
      int a1 = in[4 + i] + in[8 + i];
      int a2 = in[4 + i] - in[8 + i];
      int a3 = in[i] - in[12 + i];
      columns[i] = a0 + a1;
      columns[4 + i] = a3 + a2;
      columns[8 + i] = a0 - a1;
      columns[12 + i] = a3 - a2;
    }
    for (int i = 0; i < 16; i += 4) {
      int rounded = columns[i] + 3;
      int a0 = rounded + columns[i + 3];
      int a1 = columns[i + 1] + columns[i + 2];
      int a2 = columns[i + 1] - columns[i + 2];
      int a3 = rounded - columns[i + 3];
      blocks[16 * i] = (a0 + a1) >> 3;
      blocks[16 * (i + 1)] = (a3 + a2) >> 3;
      blocks[16 * (i + 2)] = (a0 - a1) >> 3;
      blocks[16 * (i + 3)] = (a3 - a2) >> 3;
    }
  }

  /** Adds a block's inverse DCT to its prediction. */
  static void addDct(int[] in, int block, Vp8Plane plane, int to) {
    int[] t = new int[16];
    for (int i = 0; i < 4; i++) {
      int i0 = in[block + i];
      int i1 = in[block + 4 + i];
      int i2 = in[block + 8 + i];
      int i3 = in[block + 12 + i];
      int a = i0 + i2;
      int b = i0 - i2;
      int c = bySine(i1) - byCosine(i3);
      int d = byCosine(i1) + bySine(i3);
      t[i] = a + d;
      t[4 + i] = b + c;
      t[8 + i] = b - c;
      t[12 + i] = a - d;
    }
    for (int y = 0; y < 4; y++) {
      int rounded = t[4 * y] + 4;
      int a = rounded + t[4 * y + 2];
      int b = rounded - t[4 * y + 2];
      int c = bySine(t[4 * y + 1]) - byCosine(t[4 * y + 3]);
      int d = byCosine(t[4 * y + 1]) + bySine(t[4 * y + 3]);
      int row = to + y * plane.stride;
      plane.add(row, (a + d) >> 3);
      plane.add(row + 1, (b + c) >> 3);
      plane.add(row + 2, (b - c) >> 3);
      plane.add(row + 3, (a - d) >> 3);
    }
  }

  /** By sqrt(2) cos(pi / 8) in 16-bit fixed point. */
  private static int byCosine(int x) {
    return ((x * 20091) >> 16) + x;
  }

  /** By sqrt(2) sin(pi / 8) in 16-bit fixed point. */
  private static int bySine(int x) {
    return (x * 35468) >> 16;
  }
}
