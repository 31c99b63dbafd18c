package io.github.vit4j.image;

/** libjpeg's colour conversions in its own fixed-point arithmetic, and Pillow's CMYK formula. */
final class JpegColours {

  private static final int SCALE_BITS = 16;
  private static final int HALF = 1 << (SCALE_BITS - 1);
  private static final int[] RED_OF_CR = new int[256];
  private static final int[] BLUE_OF_CB = new int[256];
  private static final int[] GREEN_OF_CR = new int[256];
  private static final int[] GREEN_OF_CB = new int[256];

  static {
    for (int i = 0; i < 256; i++) {
      int x = i - 128;
      RED_OF_CR[i] = (fix(1.40200) * x + HALF) >> SCALE_BITS;
      BLUE_OF_CB[i] = (fix(1.77200) * x + HALF) >> SCALE_BITS;
      GREEN_OF_CR[i] = -fix(0.71414) * x;
      GREEN_OF_CB[i] = -fix(0.34414) * x + HALF;
    }
  }

  private JpegColours() {}

  private static int fix(double x) {
    return (int) (x * (1 << SCALE_BITS) + 0.5);
  }

  static void greyToRgb(byte[] grey, byte[] rgb) {
    for (int i = 0, to = 0; i < grey.length; i++) {
      rgb[to++] = grey[i];
      rgb[to++] = grey[i];
      rgb[to++] = grey[i];
    }
  }

  static void ycbcrToRgb(byte[] pixels) {
    for (int i = 0; i < pixels.length; i += 3) {
      convert(pixels, i);
    }
  }

  /** Adobe's YCCK is YCbCr of the inverted colours; black stays as it is. */
  static void ycckToCmyk(byte[] pixels) {
    for (int i = 0; i < pixels.length; i += 4) {
      convert(pixels, i);
      pixels[i] = (byte) ~pixels[i];
      pixels[i + 1] = (byte) ~pixels[i + 1];
      pixels[i + 2] = (byte) ~pixels[i + 2];
    }
  }

  private static void convert(byte[] pixels, int at) {
    int luma = pixels[at] & 0xff;
    int cb = pixels[at + 1] & 0xff;
    int cr = pixels[at + 2] & 0xff;
    pixels[at] = clip(luma + RED_OF_CR[cr]);
    pixels[at + 1] = clip(luma + ((GREEN_OF_CB[cb] + GREEN_OF_CR[cr]) >> SCALE_BITS));
    pixels[at + 2] = clip(luma + BLUE_OF_CB[cb]);
  }

  private static byte clip(int value) {
    return (byte) Math.max(0, Math.min(255, value));
  }

  /** Stored inverted, as Adobe does and Pillow assumes of every CMYK JPEG. */
  static void cmykToRgb(byte[] cmyk, byte[] rgb) {
    for (int from = 0, to = 0; from < cmyk.length; from += 4) {
      int light = cmyk[from + 3] & 0xff;
      for (int c = 0; c < 3; c++) {
        int ink = 255 - (cmyk[from + c] & 0xff);
        int scaled = ink * light + 128;
        rgb[to++] = (byte) (light - (((scaled >> 8) + scaled) >> 8));
      }
    }
  }
}
