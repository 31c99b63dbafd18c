package io.github.vit4j.image;

/** EXIF's orientation tag: how to turn the stored pixels upright. */
final class Orientation {

  private static final int TAG = 0x0112;

  private Orientation() {}

  /**
   * Reads the tag from an EXIF block, with or without its {@code Exif\0\0} prefix. Broken EXIF data
   * never spoils an image: it counts as no orientation.
   *
   * @return 1 to 8; 0 if there is none
   */
  static int parse(ImageBytes file, int at, int length) {
    long end = Math.min((long) at + length, file.length());
    int start = file.has(at, "Exif\0\0") ? at + 6 : at;
    if (start < 0 || start + 8 > end) {
      return 0;
    }
    boolean little = file.has(start, "II");
    if (!little && !file.has(start, "MM")) {
      return 0;
    }
    long directory = start + u32(file, start + 4, little);
    if (directory + 2 > end) {
      return 0;
    }
    int entries = u16(file, (int) directory, little);
    for (int i = 0; i < entries; i++) {
      long entry = directory + 2 + 12L * i;
      if (entry + 12 > end) {
        return 0;
      }
      int e = (int) entry;
      if (u16(file, e, little) == TAG) {
        long value =
            switch (u16(file, e + 2, little)) {
              case 1 -> file.u8(e + 8);
              case 3 -> u16(file, e + 8, little);
              case 4 -> u32(file, e + 8, little);
              default -> 0;
            };
        return value >= 1 && value <= 8 ? (int) value : 0;
      }
    }
    return 0;
  }

  /** The same tag in uncompressed XMP, where Adobe's tools and exiftool put it in PNG files. */
  static int parseXmp(ImageBytes file, int at, int length) {
    String tag = "tiff:Orientation";
    for (int i = at; i + tag.length() + 2 < at + length; i++) {
      if (file.has(i, tag)) {
        int value = i + tag.length();
        value += file.has(value, "=\"") ? 2 : 1;
        int digit = file.u8(value) - '0';
        return digit >= 1 && digit <= 8 ? digit : 0;
      }
    }
    return 0;
  }

  private static int u16(ImageBytes file, int at, boolean little) {
    return little ? file.u16le(at) : file.u16(at);
  }

  private static long u32(ImageBytes file, int at, boolean little) {
    return little ? file.u32le(at) : file.u32(at);
  }

  /** The upright image; the same one if it is upright already. */
  static RgbImage apply(RgbImage image, int orientation) {
    if (orientation <= 1 || orientation > 8) {
      return image;
    }
    int width = image.width();
    int height = image.height();
    boolean swapped = orientation >= 5;
    // which stored corner comes first, and in which direction the upright picture walks from there
    boolean right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
    boolean bottom = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
    int start = 3 * ((bottom ? height - 1 : 0) * width + (right ? width - 1 : 0));
    int alongRow = right ? -3 : 3;
    int alongColumn = (bottom ? -3 : 3) * width;
    int stepX = swapped ? alongColumn : alongRow;
    int stepY = swapped ? alongRow : alongColumn;
    int newWidth = swapped ? height : width;
    int newHeight = swapped ? width : height;
    byte[] source = image.pixels();
    byte[] out = new byte[source.length];
    for (int y = 0, to = 0; y < newHeight; y++) {
      int from = start + y * stepY;
      for (int x = 0; x < newWidth; x++, from += stepX) {
        out[to++] = source[from];
        out[to++] = source[from + 1];
        out[to++] = source[from + 2];
      }
    }
    return RgbImage.of(newWidth, newHeight, out);
  }
}
