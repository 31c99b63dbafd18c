package io.github.vit4j.image;

/** WebP: the picture, or an animation's first frame on its canvas. */
final class WebpDecoder {

  private static final int ANIMATED = 2;

  private final ImageBytes file;
  private int canvasWidth;
  private int canvasHeight;
  private boolean animated;
  private int orientation;
  private int picture = -1;
  private int frameX;
  private int frameY;

  private WebpDecoder(ImageBytes file) {
    this.file = file;
  }

  static RgbImage decode(ImageBytes file) {
    WebpDecoder decoder = new WebpDecoder(file);
    decoder.walkChunks(12, file.length(), false);
    return Orientation.apply(decoder.onCanvas(decoder.pixels()), decoder.orientation);
  }

  /** A frame within a frame means nothing, and a file could hold any number of them. */
  private void walkChunks(int from, int end, boolean inFrame) {
    long at = from;
    while (at + 8 <= end) {
      int chunk = (int) at;
      int body = chunk + 8;
      long length = file.u32le(chunk + 4);
      boolean isPicture = file.has(chunk, "VP8 ") || file.has(chunk, "VP8L");
      if (isPicture && picture < 0) {
        picture = chunk;
      } else if (file.has(chunk, "VP8X")) {
        animated = (file.u8(body) & ANIMATED) != 0;
        canvasWidth = file.u24le(body + 4) + 1;
        canvasHeight = file.u24le(body + 7) + 1;
        file.checkSize(canvasWidth, canvasHeight);
      } else if (file.has(chunk, "ANMF") && picture < 0 && !inFrame) {
        frameX = 2 * file.u24le(body);
        frameY = 2 * file.u24le(body + 3);
        walkChunks(body + 16, (int) Math.min(body + length, end), true);
      } else if (file.has(chunk, "EXIF") && body + length <= end) {
        orientation = Orientation.parse(file, body, (int) length);
      }
      at = body + length + length % 2;
    }
  }

  private RgbImage pixels() {
    if (picture < 0) {
      throw file.truncated();
    }
    long end = picture + 8 + file.u32le(picture + 4);
    if (end > file.length()) {
      throw file.truncated();
    }
    return file.has(picture, "VP8L")
        ? Vp8lDecoder.decode(file, picture + 8, (int) end)
        : Vp8Decoder.decode(file, picture + 8, (int) end);
  }

  private RgbImage onCanvas(RgbImage frame) {
    if (canvasWidth == 0) {
      return frame;
    }
    boolean fits =
        animated
            ? (long) frameX + frame.width() <= canvasWidth
                && (long) frameY + frame.height() <= canvasHeight
            : frame.width() == canvasWidth && frame.height() == canvasHeight;
    if (!fits) {
      throw file.broken("its picture does not fit its canvas");
    }
    return frame.crop(-frameX, -frameY, canvasWidth, canvasHeight);
  }
}
