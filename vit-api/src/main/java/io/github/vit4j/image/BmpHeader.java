package io.github.vit4j.image;

/**
 * A BMP's headers, of OS/2 or Windows, and its palette.
 *
 * @param palette red, green and blue for 256 indices; a grey ramp where the file defines none
 * @param masks of red, green and blue within a 16- or 32-bit pixel
 */
record BmpHeader(
    int width,
    int height,
    boolean topDown,
    int bits,
    int compression,
    int dataOffset,
    byte[] palette,
    long[] masks) {

  static final int RAW = 0;
  static final int RLE8 = 1;
  static final int RLE4 = 2;
  private static final int BITFIELDS = 3;
  private static final int ALPHA_BITFIELDS = 6;
  private static final int START = 14;

  static BmpHeader parse(ImageBytes file) {
    long size = file.u32le(START);
    if (size == 12) {
      return os2(file);
    }
    if (size != 40 && size != 52 && size != 56 && size != 64 && size != 108 && size != 124) {
      throw file.unsupported("BMP with a header of %d bytes".formatted(size));
    }
    int after = START + (int) size;
    boolean topDown = file.u8(START + 11) == 0xff;
    long height = file.u32le(START + 8);
    height = topDown ? (1L << 32) - height : height;
    long width = file.u32le(START + 4);
    file.checkSize(width, height);
    int bits = file.u16le(START + 14);
    long compression = file.u32le(START + 16);
    checkKind(file, bits, compression);
    boolean masked = compression == BITFIELDS || compression == ALPHA_BITFIELDS;
    long[] masks = masked ? masks(file) : defaultMasks(bits);
    if (masked && size == 40) {
      after += compression == BITFIELDS ? 12 : 16;
    }
    long colours = file.u32le(START + 32);
    if (bits > 8) {
      colours = 0;
    } else if (colours == 0) {
      colours = 1L << bits;
    } else if (colours > 65_536) {
      throw file.broken("its header gives a palette of %d colours".formatted(colours));
    }
    return new BmpHeader(
        (int) width,
        (int) height,
        topDown,
        bits,
        masked ? RAW : (int) compression,
        dataOffset(file, after, 4 * (int) colours),
        palette(file, after, (int) colours, 4),
        masks);
  }

  private static BmpHeader os2(ImageBytes file) {
    int width = file.u16le(START + 4);
    int height = file.u16le(START + 6);
    int bits = file.u16le(START + 10);
    file.checkSize(width, height);
    checkKind(file, bits, RAW);
    int colours = bits > 8 ? 0 : 1 << bits;
    int after = START + 12;
    return new BmpHeader(
        width,
        height,
        false,
        bits,
        RAW,
        dataOffset(file, after, 3 * colours),
        palette(file, after, colours, 3),
        defaultMasks(bits));
  }

  private static void checkKind(ImageBytes file, int bits, long compression) {
    boolean known =
        switch ((int) Math.min(compression, 7)) {
          case RAW ->
              bits == 1
                  || bits == 2
                  || bits == 4
                  || bits == 8
                  || bits == 24
                  || bits == 16
                  || bits == 32;
          case RLE8 -> bits == 8;
          case RLE4 -> bits == 4;
          case BITFIELDS, ALPHA_BITFIELDS -> bits == 16 || bits == 32;
          default -> false;
        };
    if (!known) {
      throw file.unsupported(
          "BMP with %d bits a pixel and compression %d".formatted(bits, compression));
    }
  }

  /** After any palette if the file header does not say, or points into the palette. */
  private static int dataOffset(ImageBytes file, int afterHeader, int paletteBytes) {
    long offset = file.u32le(10);
    if (offset == 0 || offset == afterHeader) {
      return afterHeader + paletteBytes;
    }
    if (offset > file.length()) {
      throw file.truncated();
    }
    return (int) offset;
  }

  private static byte[] palette(ImageBytes file, int at, int colours, int entryBytes) {
    byte[] palette = new byte[3 * 256];
    for (int i = 0; i < 256; i++) {
      boolean given = i < colours;
      int entry = at + i * entryBytes;
      palette[3 * i] = (byte) (given ? file.u8(entry + 2) : i);
      palette[3 * i + 1] = (byte) (given ? file.u8(entry + 1) : i);
      palette[3 * i + 2] = (byte) (given ? file.u8(entry) : i);
    }
    return palette;
  }

  private static long[] masks(ImageBytes file) {
    long[] masks = {
      file.u32le(START + 40), file.u32le(START + 44), file.u32le(START + 48),
    };
    return masks[0] == 0 && masks[1] == 0 && masks[2] == 0 ? defaultMasks(32) : masks;
  }

  private static long[] defaultMasks(int bits) {
    return bits == 16 ? new long[] {0x7c00, 0x3e0, 0x1f} : new long[] {0xff0000, 0xff00, 0xff};
  }
}
