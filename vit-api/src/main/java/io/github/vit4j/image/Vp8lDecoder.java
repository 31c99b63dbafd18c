package io.github.vit4j.image;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;

/**
 * Lossless WebP, RFC 9649 section 3, equal to libwebp's output.
 *
 * <p>TwelveMonkeys' WebP reader for ImageIO, up to its release 3.15.0, fails on some pictures that
 * libwebp writes: with indexed colours and predictions at once, with repeats at the picture's end,
 * and with a few bytes of data.
 */
final class Vp8lDecoder {

  private static final int SIGNATURE = 0x2f;

  private final ImageBytes file;
  private final Vp8lBits bits;
  private final int fullWidth;
  private final int height;
  private final Deque<Vp8lTransform> transforms = new ArrayDeque<>();
  private final BitSet seen = new BitSet();

  /** Of the image that is stored, in which a pixel may hold several. */
  private int width;

  private Vp8lDecoder(ImageBytes file, Vp8lBits bits, int width, int height) {
    this.file = file;
    this.bits = bits;
    this.fullWidth = width;
    this.width = width;
    this.height = height;
  }

  /**
   * @param at where the VP8L data begins
   * @param end where its chunk ends, at most the file's length
   */
  static RgbImage decode(ImageBytes file, int at, int end) {
    Vp8lBits bits = new Vp8lBits(file, at, end);
    if (bits.number(8) != SIGNATURE) {
      throw file.broken("its VP8L data does not begin with VP8L's signature");
    }
    int width = bits.number(14) + 1;
    int height = bits.number(14) + 1;
    file.checkSize(width, height);
    bits.number(1); // whether alpha is used, which is only a hint
    if (bits.number(3) != 0) {
      throw file.broken("its VP8L data is of an unknown version");
    }
    return new Vp8lDecoder(file, bits, width, height).image();
  }

  private RgbImage image() {
    while (bits.flag()) {
      readTransform();
    }
    int[] argb = Vp8lPixels.read(file, bits, width, height, true);
    for (Vp8lTransform transform : transforms) {
      argb = transform.undo(argb);
    }
    byte[] rgb = new byte[3 * argb.length];
    for (int i = 0, to = 0; i < argb.length; i++) {
      rgb[to++] = (byte) (argb[i] >> 16);
      rgb[to++] = (byte) (argb[i] >> 8);
      rgb[to++] = (byte) argb[i];
    }
    return RgbImage.of(fullWidth, height, rgb);
  }

  private void readTransform() {
    int kind = bits.number(2);
    if (seen.get(kind)) {
      throw file.broken("it transforms its colours twice in the same way");
    }
    seen.set(kind);
    transforms.push(
        switch (kind) {
          case 0 -> {
            int squares = 2 + bits.number(3);
            yield new Vp8lTransform.Predicted(width, height, squares, small(squares));
          }
          case 1 -> {
            int squares = 2 + bits.number(3);
            yield new Vp8lTransform.Correlated(width, height, squares, small(squares));
          }
          case 2 -> new Vp8lTransform.WithoutGreen();
          default -> indexed(1 + bits.number(8));
        });
  }

  /** A pixel for each square of the picture. */
  private int[] small(int squares) {
    int across = Vp8lPixels.squares(width, squares);
    return Vp8lPixels.read(file, bits, across, Vp8lPixels.squares(height, squares), false);
  }

  private Vp8lTransform indexed(int colours) {
    int[] table = Vp8lPixels.read(file, bits, colours, 1, false);
    for (int i = 1; i < colours; i++) {
      int sum = 0; // each byte is the difference from the colour before
      for (int shift = 0; shift < 32; shift += 8) {
        sum |= ((table[i] >> shift) + (table[i - 1] >> shift) & 0xff) << shift;
      }
      table[i] = sum;
    }
    int packed = colours <= 2 ? 3 : colours <= 4 ? 2 : colours <= 16 ? 1 : 0;
    Vp8lTransform transform = new Vp8lTransform.Indexed(width, height, packed, table);
    width = Vp8lPixels.squares(width, packed);
    return transform;
  }
}
