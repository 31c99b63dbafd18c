package io.github.vit4j.image;

/** VP8's boolean entropy decoder, RFC 6386 section 7, on one partition of the file. */
final class Vp8Bits {

  private final ImageBytes file;
  private final int end;
  private int at;
  private long value;
  private int range = 255;

  /** Bits of {@link #value} below the byte that is compared with the split. */
  private int spare = -8;

  Vp8Bits(ImageBytes file, int start, int end) {
    this.file = file;
    this.at = start;
    this.end = end;
  }

  boolean bit(int probability) {
    int split = 1 + (((range - 1) * probability) >> 8);
    if (spare < 0) {
      load();
    }
    long threshold = (long) split << spare;
    boolean bit = value >= threshold;
    if (bit) {
      value -= threshold;
      range -= split;
    } else {
      range = split;
    }
    int shift = Integer.numberOfLeadingZeros(range) - 24;
    range <<= shift;
    spare -= shift;
    return bit;
  }

  private void load() {
    if (at >= end) {
      throw file.truncated();
    }
    // as many whole bytes as there are, so that most bits need no load
    while (spare < 40 && at < end) {
      value = value << 8 | file.data()[at++] & 0xff;
      spare += 8;
    }
  }

  boolean flag() {
    return bit(128);
  }

  /** An unsigned number, highest bit first. */
  int number(int bits) {
    int number = 0;
    for (int i = 0; i < bits; i++) {
      number = number << 1 | (flag() ? 1 : 0);
    }
    return number;
  }

  /** A flag and, if it is set, a number and its sign; else 0. */
  int optionalSigned(int bits) {
    if (!flag()) {
      return 0;
    }
    int number = number(bits);
    return flag() ? -number : number;
  }
}
