package io.github.vit4j.image;

/**
 * BMP to RGB: palettes of 1 to 8 bits, run lengths, and pixels of 16, 24 and 32 bits with any
 * masks; scaled to 8 bits as Pillow scales them, alpha dropped.
 */
final class BmpDecoder {

  private final ImageBytes file;
  private final BmpHeader header;
  private final byte[] rgb;

  private BmpDecoder(ImageBytes file, BmpHeader header) {
    this.file = file;
    this.header = header;
    this.rgb = new byte[3 * header.width() * header.height()];
  }

  static RgbImage decode(ImageBytes file) {
    BmpHeader header = BmpHeader.parse(file);
    long rowBytes = ((long) header.width() * header.bits() + 7) / 8;
    long stride = (rowBytes + 3) / 4 * 4;
    boolean raw = header.compression() == BmpHeader.RAW;
    if (raw && header.dataOffset() + stride * (header.height() - 1) + rowBytes > file.length()) {
      throw file.truncated();
    }
    BmpDecoder decoder = new BmpDecoder(file, header);
    if (!raw) {
      decoder.runLengths();
    } else {
      for (int row = 0; row < header.height(); row++) {
        int from = (int) (header.dataOffset() + row * stride);
        if (header.bits() <= 8) {
          decoder.indexed(row, from);
        } else if (header.bits() == 24) {
          decoder.plain(row, from);
        } else {
          decoder.masked(row, from);
        }
      }
    }
    return RgbImage.of(header.width(), header.height(), decoder.rgb);
  }

  /** Where a stored row begins in the picture; rows are stored from the bottom unless said. */
  private int target(int row) {
    int y = header.topDown() ? row : header.height() - 1 - row;
    return 3 * y * header.width();
  }

  private void indexed(int row, int from) {
    int bits = header.bits();
    int mask = (1 << bits) - 1;
    int to = target(row);
    for (int x = 0; x < header.width(); x++, to += 3) {
      long bit = (long) x * bits;
      int index = file.data()[from + (int) (bit / 8)] >> (8 - bits - (int) (bit % 8)) & mask;
      System.arraycopy(header.palette(), 3 * index, rgb, to, 3);
    }
  }

  private void plain(int row, int from) {
    byte[] data = file.data();
    int to = target(row);
    for (int end = to + 3 * header.width(); to < end; to += 3, from += 3) {
      rgb[to] = data[from + 2];
      rgb[to + 1] = data[from + 1];
      rgb[to + 2] = data[from];
    }
  }

  private void masked(int row, int from) {
    int to = target(row);
    int step = header.bits() / 8;
    long[] masks = header.masks();
    for (int x = 0; x < header.width(); x++, from += step) {
      long pixel = step == 2 ? file.u16le(from) : file.u32le(from);
      for (long mask : masks) {
        int shift = Long.numberOfTrailingZeros(mask) & 63;
        long white = mask >>> shift;
        rgb[to++] = (byte) (white == 0 ? 0 : ((pixel & mask) >>> shift) * 255 / white);
      }
    }
  }

  private void runLengths() {
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = header.palette()[i % 3];
    }
    boolean nibbles = header.compression() == BmpHeader.RLE4;
    int at = header.dataOffset();
    int x = 0;
    int row = 0;
    while (row < header.height()) {
      int count = file.u8(at);
      int value = file.u8(at + 1);
      at += 2;
      if (count > 0) {
        for (int i = 0; i < count; i++) {
          put(x + i, row, nibbles ? (i % 2 == 0 ? value >> 4 : value & 15) : value);
        }
        x = right(x, count);
      } else if (value == 0) {
        x = 0;
        row++;
      } else if (value == 1) {
        return;
      } else if (value == 2) {
        x = right(x, file.u8(at));
        row += file.u8(at + 1);
        at += 2;
      } else {
        for (int i = 0; i < value; i++) {
          int packed = file.u8(at + (nibbles ? i / 2 : i));
          put(x + i, row, nibbles ? (i % 2 == 0 ? packed >> 4 : packed & 15) : packed);
        }
        x = right(x, value);
        int bytes = nibbles ? (value + 1) / 2 : value;
        at += bytes + bytes % 2;
      }
    }
  }

  /** No further than the row's end, or a file of nothing but moves would overflow. */
  private int right(int x, int by) {
    return Math.min(x + by, header.width());
  }

  /** Runs that leave the row are cut off at its end. */
  private void put(int x, int row, int index) {
    if (x < header.width()) {
      System.arraycopy(header.palette(), 3 * index, rgb, target(row) + 3 * x, 3);
    }
  }
}
