package io.github.vit4j.image;

/** GIF's compressed pixels: Lempel-Ziv-Welch codes of 2 to 12 bits in length-prefixed blocks. */
final class GifLzw {

  private static final int TABLE = 4096;
  private static final int MAX_BITS = 12;

  private final ImageBytes file;
  private final int clear;
  private final int firstBits;

  // an entry is its predecessor's pixels and one more
  private final short[] predecessor = new short[TABLE];
  private final byte[] last = new byte[TABLE];
  private final byte[] pending = new byte[TABLE];
  private int pendingCount;

  private int at;
  private int blockLeft;
  private int buffer;
  private int bufferedBits;
  private int bits;
  private int next;
  private int previous = -1;
  private byte previousFirst;

  GifLzw(ImageBytes file, int at) {
    this.file = file;
    int literalBits = file.u8(at);
    if (literalBits < 1 || literalBits >= MAX_BITS) {
      throw file.broken("GIF has no pixels of %d bits".formatted(literalBits));
    }
    this.at = at + 1;
    clear = 1 << literalBits;
    firstBits = literalBits + 1;
    for (int i = 0; i < clear; i++) {
      last[i] = (byte) i;
    }
    reset();
  }

  private void reset() {
    bits = firstBits;
    next = clear + 2;
    previous = -1;
  }

  /** Fills the array with the pixels that follow. */
  void read(byte[] pixels) {
    int filled = 0;
    while (filled < pixels.length) {
      while (pendingCount > 0 && filled < pixels.length) {
        pixels[filled++] = pending[--pendingCount];
      }
      if (filled < pixels.length) {
        expand(nextCode());
      }
    }
  }

  /** Leaves the code's pixels in {@link #pending}, the first one on top. */
  private void expand(int code) {
    if (code == clear) {
      reset();
      return;
    }
    if (code == clear + 1) {
      throw file.truncated();
    }
    int entry = code;
    if (previous < 0) {
      if (code > clear) {
        throw file.broken("its compressed data is damaged");
      }
    } else if (code == next) {
      // the entry about to be made: the previous one and its own first pixel
      pending[pendingCount++] = previousFirst;
      entry = previous;
    } else if (code > next) {
      throw file.broken("its compressed data is damaged");
    }
    while (entry >= clear) {
      pending[pendingCount++] = last[entry];
      entry = predecessor[entry];
    }
    pending[pendingCount++] = (byte) entry;
    previousFirst = (byte) entry;
    if (previous >= 0 && next < TABLE) {
      predecessor[next] = (short) previous;
      last[next] = (byte) entry;
      next++;
      if (next == 1 << bits && bits < MAX_BITS) {
        bits++;
      }
    }
    previous = code;
  }

  private int nextCode() {
    while (bufferedBits < bits) {
      if (blockLeft == 0) {
        blockLeft = file.u8(at++);
        if (blockLeft == 0) {
          throw file.truncated();
        }
      }
      buffer |= file.u8(at++) << bufferedBits;
      bufferedBits += 8;
      blockLeft--;
    }
    int code = buffer & (1 << bits) - 1;
    buffer >>>= bits;
    bufferedBits -= bits;
    return code;
  }
}
