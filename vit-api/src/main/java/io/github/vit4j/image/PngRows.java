package io.github.vit4j.image;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The rows of a PNG, inflated from its IDAT chunks and with their filters undone, one at a time.
 */
final class PngRows implements AutoCloseable {

  private final ImageBytes file;
  private final Inflater inflater = new Inflater();
  private int nextChunk;
  private byte[] row = new byte[0];
  private byte[] previous = new byte[0];
  private int distance;

  PngRows(ImageBytes file, int firstChunk) {
    this.file = file;
    this.nextChunk = firstChunk;
  }

  /** Starts an image or an interlacing pass: the row above its first one counts as zeros. */
  void begin(int rowBytes, int bytesPerPixel) {
    row = new byte[rowBytes];
    previous = new byte[rowBytes];
    distance = bytesPerPixel;
  }

  /** The next row; valid until the call after the next. */
  byte[] next() {
    byte[] above = row;
    row = previous;
    previous = above;
    byte[] type = new byte[1];
    inflate(type, 1);
    inflate(row, row.length);
    unfilter(type[0]);
    return row;
  }

  private void inflate(byte[] target, int length) {
    int filled = 0;
    try {
      while (filled < length) {
        int count = inflater.inflate(target, filled, length - filled);
        filled += count;
        if (count == 0) {
          if (inflater.finished()) {
            throw file.truncated();
          }
          if (inflater.needsDictionary()) {
            throw file.broken("its compressed data asks for a dictionary");
          }
          feed();
        }
      }
    } catch (DataFormatException e) {
      throw file.broken("its compressed data is damaged (%s)".formatted(e.getMessage()));
    }
  }

  private void feed() {
    while (nextChunk + 8 <= file.length()) {
      int at = nextChunk;
      long length = file.u32(at);
      nextChunk = (int) Math.min(at + 12 + length, Integer.MAX_VALUE - 16);
      // only neighbours: data chunks after another chunk are not part of the image
      if (!file.has(at + 4, "IDAT")) {
        break;
      }
      int available = (int) Math.min(length, file.length() - at - 8);
      if (available > 0) {
        inflater.setInput(file.data(), at + 8, available);
        return;
      }
    }
    throw file.truncated();
  }

  private void unfilter(int type) {
    int length = row.length;
    switch (type) {
      case 0 -> {}
      case 1 -> {
        for (int i = distance; i < length; i++) {
          row[i] += row[i - distance];
        }
      }
      case 2 -> {
        for (int i = 0; i < length; i++) {
          row[i] += previous[i];
        }
      }
      case 3 -> {
        for (int i = 0; i < length; i++) {
          int left = i < distance ? 0 : row[i - distance] & 0xff;
          row[i] += (byte) ((left + (previous[i] & 0xff)) / 2);
        }
      }
      case 4 -> {
        for (int i = 0; i < length; i++) {
          int left = i < distance ? 0 : row[i - distance] & 0xff;
          int corner = i < distance ? 0 : previous[i - distance] & 0xff;
          row[i] += (byte) paeth(left, previous[i] & 0xff, corner);
        }
      }
      default -> throw file.broken("PNG has no row filter %d".formatted(type & 0xff));
    }
  }

  private static int paeth(int left, int above, int corner) {
    int estimate = left + above - corner;
    int toLeft = Math.abs(estimate - left);
    int toAbove = Math.abs(estimate - above);
    int toCorner = Math.abs(estimate - corner);
    if (toLeft <= toAbove && toLeft <= toCorner) {
      return left;
    }
    return toAbove <= toCorner ? above : corner;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
