package io.github.vit4j.image;

import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * An image as prefix codes, repeats of earlier pixels and a cache of colours give it: the picture
 * itself before its transforms are undone, or one of the small images that control them.
 */
final class Vp8lPixels {

  private static final int LITERALS = 256;
  private static final int LENGTHS = 24;
  private static final int DISTANCES = 40;

  /** Codes of one group: green, lengths and cache; red; blue; alpha; distances. */
  private static final int CODES = 5;

  private static final int MOST_CACHE_BITS = 11;

  /** The nearest 120 pixels before this one, y times 16 plus 8 - x. */
  private static final int[] NEAR = {
    0x18, 0x07, 0x17, 0x19, 0x28, 0x06, 0x27, 0x29, 0x16, 0x1a, 0x26, 0x2a, 0x38, 0x05, 0x37, 0x39,
    0x15, 0x1b, 0x36, 0x3a, 0x25, 0x2b, 0x48, 0x04, 0x47, 0x49, 0x14, 0x1c, 0x35, 0x3b, 0x46, 0x4a,
    0x24, 0x2c, 0x58, 0x45, 0x4b, 0x34, 0x3c, 0x03, 0x57, 0x59, 0x13, 0x1d, 0x56, 0x5a, 0x23, 0x2d,
    0x44, 0x4c, 0x55, 0x5b, 0x33, 0x3d, 0x68, 0x02, 0x67, 0x69, 0x12, 0x1e, 0x66, 0x6a, 0x22, 0x2e,
    0x54, 0x5c, 0x43, 0x4d, 0x65, 0x6b, 0x32, 0x3e, 0x78, 0x01, 0x77, 0x79, 0x53, 0x5d, 0x11, 0x1f,
    0x64, 0x6c, 0x42, 0x4e, 0x76, 0x7a, 0x21, 0x2f, 0x75, 0x7b, 0x31, 0x3f, 0x63, 0x6d, 0x52, 0x5e,
    0x00, 0x74, 0x7c, 0x41, 0x4f, 0x10, 0x20, 0x62, 0x6e, 0x30, 0x73, 0x7d, 0x51, 0x5f, 0x40, 0x72,
    0x7e, 0x61, 0x6f, 0x50, 0x71, 0x7f, 0x60, 0x70
  };

  private final ImageBytes file;
  private final Vp8lBits bits;
  private final int width;
  private final int height;
  private final int cacheBits;
  private final int[] cache;

  private static final Vp8lCode[] UNUSED = {};

  /** Which group of codes holds in each square of pixels; none where one holds everywhere. */
  private int @Nullable [] groupOf;

  private final BitSet used = new BitSet();

  private int squareBits = 31;
  private int squaresAcross;

  private Vp8lPixels(ImageBytes file, Vp8lBits bits, int width, int height) {
    this.file = file;
    this.bits = bits;
    this.width = width;
    this.height = height;
    cacheBits = bits.flag() ? bits.number(4) : 0;
    if (cacheBits > MOST_CACHE_BITS) {
      throw file.broken("its cache of colours is too large");
    }
    cache = new int[cacheBits == 0 ? 0 : 1 << cacheBits];
  }

  /**
   * @param picture whether it is the picture itself, which alone may have several groups of codes
   * @return its colours, alpha, red, green, blue from the highest byte
   */
  static int[] read(ImageBytes file, Vp8lBits bits, int width, int height, boolean picture) {
    Vp8lPixels pixels = new Vp8lPixels(file, bits, width, height);
    return pixels.decode(picture ? pixels.groups() : 1);
  }

  /** How many squares of this many pixels a side has. */
  static int squares(int side, int bits) {
    return side + (1 << bits) - 1 >> bits;
  }

  private int groups() {
    if (!bits.flag()) {
      return 1;
    }
    squareBits = 2 + bits.number(3);
    squaresAcross = squares(width, squareBits);
    int[] image = read(file, bits, squaresAcross, squares(height, squareBits), false);
    int groups = 1;
    for (int i = 0; i < image.length; i++) {
      image[i] = image[i] >> 8 & 0xffff;
      used.set(image[i]);
      groups = Math.max(groups, image[i] + 1);
    }
    groupOf = image;
    return groups;
  }

  private int[] decode(int groups) {
    Vp8lCode[][] codes = new Vp8lCode[groups][];
    for (int i = 0; i < groups; i++) {
      Vp8lCode[] group = {
        Vp8lCode.parse(file, bits, LITERALS + LENGTHS + cache.length),
        Vp8lCode.parse(file, bits, LITERALS),
        Vp8lCode.parse(file, bits, LITERALS),
        Vp8lCode.parse(file, bits, LITERALS),
        Vp8lCode.parse(file, bits, DISTANCES)
      };
      // a small picture may say that it has thousands of groups: none is kept that no square needs
      codes[i] = groupOf == null || used.get(i) ? group : UNUSED;
    }
    int[] argb = new int[width * height];
    int at = 0;
    while (at < argb.length) {
      Vp8lCode[] code = codes[groupAt(at)];
      // up to the next square, row or repeat the group stays
      int stop = Math.min(at + width - at % width, nextSquare(at));
      while (at < stop) {
        int word = code[0].read(bits);
        if (word < LITERALS) {
          int red = code[1].read(bits);
          int blue = code[2].read(bits);
          keep(argb, at++, code[3].read(bits) << 24 | red << 16 | word << 8 | blue);
        } else if (word < LITERALS + LENGTHS) {
          at = repeat(argb, at, length(word - LITERALS), code[CODES - 1].read(bits));
          break;
        } else {
          keep(argb, at++, cache[word - LITERALS - LENGTHS]);
        }
      }
    }
    return argb;
  }

  private int groupAt(int at) {
    return groupOf == null
        ? 0
        : groupOf[(at / width >> squareBits) * squaresAcross + (at % width >> squareBits)];
  }

  private int nextSquare(int at) {
    if (groupOf == null) {
      return Integer.MAX_VALUE;
    }
    int x = at % width;
    return at - x + ((x >> squareBits) + 1 << squareBits);
  }

  private void keep(int[] argb, int at, int colour) {
    argb[at] = colour;
    if (cacheBits > 0) {
      cache[colour * 0x1e35a7bd >>> 32 - cacheBits] = colour;
    }
  }

  /** Lengths and distances: the first four as they are, larger ones with further bits. */
  private int length(int symbol) {
    if (symbol < 4) {
      return symbol + 1;
    }
    int further = symbol - 2 >> 1;
    return (2 + (symbol & 1) << further) + bits.number(further) + 1;
  }

  private int repeat(int[] argb, int at, int length, int symbol) {
    int distance = distance(length(symbol));
    if (distance > at || length > argb.length - at) {
      throw file.broken("it repeats pixels that do not exist");
    }
    if (distance == 1 && cacheBits > 0) {
      Arrays.fill(argb, at, at + length, argb[at - 1]); // which is in the cache
      return at + length;
    }
    for (int end = at + length; at < end; at++) {
      keep(argb, at, argb[at - distance]);
    }
    return at;
  }

  private int distance(int code) {
    if (code > NEAR.length) {
      return code - NEAR.length;
    }
    int near = NEAR[code - 1];
    return Math.max(1, (near >> 4) * width + 8 - (near & 15));
  }
}
