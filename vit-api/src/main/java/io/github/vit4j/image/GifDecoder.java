package io.github.vit4j.image;

/**
 * The first frame of a GIF on its logical screen, as Pillow shows it.
 *
 * <p>Read here rather than by ImageIO, whose reader fills up what a cut-off file lacks without
 * telling.
 */
final class GifDecoder {

  private static final int EXTENSION = 0x21;
  private static final int IMAGE = 0x2c;
  private static final int TRAILER = 0x3b;
  private static final int GRAPHIC_CONTROL = 0xf9;

  /** A code is longer than a byte where it stands for the longest sequence. */
  private static final long MAX_PIXELS_PER_BYTE = 4096;

  private final ImageBytes file;
  private byte[] palette = greyRamp();
  private int transparent;

  private GifDecoder(ImageBytes file) {
    this.file = file;
  }

  static RgbImage decode(ImageBytes file) {
    return new GifDecoder(file).firstFrame();
  }

  private RgbImage firstFrame() {
    int at = 13;
    int screenFlags = file.u8(10);
    if ((screenFlags & 0x80) != 0) {
      at = readPalette(at, screenFlags);
    }
    while (true) {
      int block = file.u8(at++);
      if (block == IMAGE) {
        return frame(at);
      } else if (block == TRAILER) {
        throw file.broken("it holds no frame");
      } else if (block == EXTENSION) {
        if (file.u8(at) == GRAPHIC_CONTROL && file.u8(at + 1) >= 4) {
          boolean hasTransparency = (file.u8(at + 2) & 1) != 0;
          transparent = hasTransparency ? file.u8(at + 5) : 0;
        }
        at = skipBlocks(at + 1);
      }
    }
  }

  private int skipBlocks(int at) {
    int length = file.u8(at);
    while (length != 0) {
      at += 1 + length;
      length = file.u8(at);
    }
    return at + 1;
  }

  private RgbImage frame(int at) {
    int left = file.u16le(at);
    int top = file.u16le(at + 2);
    int width = file.u16le(at + 4);
    int height = file.u16le(at + 6);
    int flags = file.u8(at + 8);
    // a frame that sticks out enlarges the screen
    int screenWidth = Math.max(file.u16le(6), left + width);
    int screenHeight = Math.max(file.u16le(8), top + height);
    file.checkSize(screenWidth, screenHeight);
    if ((long) width * height > file.length() * MAX_PIXELS_PER_BYTE) {
      throw file.truncated();
    }
    int data = at + 9;
    if ((flags & 0x80) != 0) {
      palette = greyRamp();
      data = readPalette(data, flags);
    }
    byte[] rgb = new byte[3 * screenWidth * screenHeight];
    if (width != screenWidth || height != screenHeight) {
      for (int i = 0; i < rgb.length; i++) {
        rgb[i] = palette[3 * transparent + i % 3];
      }
    }
    byte[] row = new byte[width];
    GifLzw lzw = new GifLzw(file, data);
    boolean interlaced = (flags & 0x40) != 0;
    for (int i = 0; i < height; i++) {
      lzw.read(row);
      int y = top + (interlaced ? interlacedRow(i, height) : i);
      int to = 3 * (y * screenWidth + left);
      for (byte index : row) {
        System.arraycopy(palette, 3 * (index & 0xff), rgb, to, 3);
        to += 3;
      }
    }
    return RgbImage.of(screenWidth, screenHeight, rgb);
  }

  /** Four passes: every 8th row from 0, every 8th from 4, every 4th from 2, every 2nd from 1. */
  private static int interlacedRow(int i, int height) {
    int eighths = (height + 7) / 8;
    if (i < eighths) {
      return 8 * i;
    }
    int fours = eighths + (height + 3) / 8;
    if (i < fours) {
      return 4 + 8 * (i - eighths);
    }
    int twos = fours + (height + 1) / 4;
    return i < twos ? 2 + 4 * (i - fours) : 1 + 2 * (i - twos);
  }

  private int readPalette(int at, int flags) {
    int bytes = 3 << ((flags & 7) + 1);
    if (at + bytes > file.length()) {
      throw file.truncated();
    }
    System.arraycopy(file.data(), at, palette, 0, bytes);
    return at + bytes;
  }

  /** Pillow's colours where a file defines none. */
  private static byte[] greyRamp() {
    byte[] ramp = new byte[3 * 256];
    for (int i = 0; i < ramp.length; i++) {
      ramp[i] = (byte) (i / 3);
    }
    return ramp;
  }
}
