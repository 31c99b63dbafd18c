package io.github.vit4j.image;

/** What an encoder did to the colours of a whole picture, undone in place. */
interface Vp8lTransform {

  /** Colours as residues of what their neighbours predict, in one of 14 ways for each square. */
  record Predicted(int width, int height, int squareBits, int[] ways) implements Vp8lTransform {
    @Override
    public int[] undo(int[] argb) {
      argb[0] = add(argb[0], 0xff000000);
      for (int x = 1; x < width; x++) {
        argb[x] = add(argb[x], argb[x - 1]);
      }
      int across = Vp8lPixels.squares(width, squareBits);
      for (int y = 1, at = width; y < height; y++) {
        argb[at] = add(argb[at], argb[at - width]);
        at++;
        for (int x = 1; x < width; x++, at++) {
          int way = ways[(y >> squareBits) * across + (x >> squareBits)] >> 8 & 15;
          argb[at] = add(argb[at], Vp8lPredictions.of(way, argb, at, width));
        }
      }
      return argb;
    }

    private static int add(int a, int b) {
      return (a & 0xff00ff00) + (b & 0xff00ff00) & 0xff00ff00
          | (a & 0x00ff00ff) + (b & 0x00ff00ff) & 0x00ff00ff;
    }
  }

  /** Red and blue less what green, and blue less what red tells of them. */
  record Correlated(int width, int height, int squareBits, int[] factors) implements Vp8lTransform {
    @Override
    public int[] undo(int[] argb) {
      int across = Vp8lPixels.squares(width, squareBits);
      for (int y = 0, at = 0; y < height; y++) {
        for (int x = 0; x < width; x++, at++) {
          int factor = factors[(y >> squareBits) * across + (x >> squareBits)];
          int colour = argb[at];
          int green = colour >> 8;
          int red = (colour >> 16) + share(factor, green) & 0xff;
          int blue = colour + share(factor >> 8, green) + share(factor >> 16, red) & 0xff;
          argb[at] = colour & 0xff00ff00 | red << 16 | blue;
        }
      }
      return argb;
    }

    /** Both are signed bytes. */
    private static int share(int factor, int level) {
      return (byte) factor * (byte) level >> 5;
    }
  }

  /** Red and blue less green. */
  record WithoutGreen() implements Vp8lTransform {
    @Override
    public int[] undo(int[] argb) {
      for (int i = 0; i < argb.length; i++) {
        int green = argb[i] >> 8 & 0xff;
        argb[i] = argb[i] & 0xff00ff00 | (argb[i] & 0xff00ff) + (green << 16 | green) & 0xff00ff;
      }
      return argb;
    }
  }

  /** Indices into a table, in green, several to a pixel where the table is small. */
  record Indexed(int width, int height, int packedBits, int[] table) implements Vp8lTransform {
    @Override
    public int[] undo(int[] packed) {
      int[] argb = new int[width * height];
      int across = Vp8lPixels.squares(width, packedBits);
      int depth = 8 >> packedBits;
      for (int y = 0, at = 0; y < height; y++) {
        for (int x = 0; x < width; x++, at++) {
          int several = packed[y * across + (x >> packedBits)] >> 8 & 0xff;
          int index = several >> depth * (x & (1 << packedBits) - 1) & (1 << depth) - 1;
          argb[at] = index < table.length ? table[index] : 0;
        }
      }
      return argb;
    }
  }

  /** The colours before it, which may be another array. */
  int[] undo(int[] argb);
}
