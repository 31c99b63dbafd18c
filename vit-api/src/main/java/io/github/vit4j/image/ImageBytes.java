package io.github.vit4j.image;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.nio.charset.StandardCharsets;

/**
 * A whole image file in memory, its name for messages, fit to be shown, and the limit that a
 * decoder must keep.
 */
record ImageBytes(byte[] data, String name, long maxPixels) {

  private static final int LONGEST_CAUSE = 500;

  /** Reads beyond the end are a broken file, never an index error. */
  int u8(int at) {
    if (at < 0 || at >= data.length) {
      throw truncated();
    }
    return data[at] & 0xff;
  }

  int u16(int at) {
    return u8(at) << 8 | u8(at + 1);
  }

  int u16le(int at) {
    return u8(at) | u8(at + 1) << 8;
  }

  int u24le(int at) {
    return u16le(at) | u8(at + 2) << 16;
  }

  long u32(int at) {
    return (long) u16(at) << 16 | u16(at + 2);
  }

  long u32le(int at) {
    return u16le(at) | (long) u16le(at + 2) << 16;
  }

  int length() {
    return data.length;
  }

  /** Whether these ASCII characters stand at this place. */
  boolean has(int at, String ascii) {
    byte[] wanted = ascii.getBytes(StandardCharsets.ISO_8859_1);
    if (at < 0 || at > data.length - wanted.length) {
      return false;
    }
    for (int i = 0; i < wanted.length; i++) {
      if (data[at + i] != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Call before anything of the image's size is allocated. */
  void checkSize(long width, long height) {
    if (width < 1 || height < 1) {
      throw broken("its header gives a size of %d x %d pixels".formatted(width, height));
    }
    long limit = Math.min(maxPixels, Integer.MAX_VALUE / 3);
    if (height > limit / width) {
      throw new BadInputException(
          ("Image %s has %d x %d pixels, over the limit of %d, and was not decoded: scale it down,"
                  + " or raise the decoder's limit if you trust the file.")
              .formatted(name, width, height, limit));
    }
  }

  BadInputException broken(String what) {
    return new BadInputException(brokenBy(what));
  }

  /** What a reader threw may quote the file. */
  BadInputException broken(Throwable cause) {
    return new BadInputException(brokenBy(Shown.text(cause.toString(), LONGEST_CAUSE)), cause);
  }

  private String brokenBy(String what) {
    return "Image %s is broken: %s. Replace or remove the file.".formatted(name, what);
  }

  BadInputException truncated() {
    return broken("the file ends before the image does");
  }

  BadInputException unsupported(String what) {
    return new BadInputException(
        "Image %s cannot be decoded: %s is not supported. Save it again as PNG or baseline JPEG."
            .formatted(name, what));
  }
}
