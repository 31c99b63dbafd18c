package io.github.vit4j.image;

/** The bits of lossless WebP data, each byte's lowest first. */
final class Vp8lBits {

  private final ImageBytes file;
  private final int end;
  private int at;
  private long value;
  private int available;

  Vp8lBits(ImageBytes file, int start, int end) {
    this.file = file;
    this.at = start;
    this.end = end;
  }

  private void fill() {
    while (available <= 56 && at < end) {
      value |= (file.data()[at++] & 0xffL) << available;
      available += 8;
    }
  }

  /** The next bits, which stay; zeros beyond the end. */
  int peek(int bits) {
    if (available < bits) {
      fill();
    }
    return (int) value & (1 << bits) - 1;
  }

  void skip(int bits) {
    if (available < bits) {
      throw file.truncated();
    }
    value >>>= bits;
    available -= bits;
  }

  /**
   * @param bits at most 24
   */
  int number(int bits) {
    int number = peek(bits);
    skip(bits);
    return number;
  }

  boolean flag() {
    return number(1) != 0;
  }
}
