package io.github.vit4j.image;

import io.github.vit4j.error.BadInputException;

/**
 * Pillow's {@code Image.resize} on 8-bit RGB, equal to it bit for bit: a horizontal pass, then a
 * vertical one, each with filter weights rounded to 22 binary places and results rounded to bytes
 * in between.
 *
 * <p>Source: Pillow's {@code Resample.c} and, for {@link Resampling#NEAREST}, {@code Geometry.c}.
 */
public final class Resize {

  /** 32 bits less 8 for the pixel and 2 for the overshoot of negative lobes. */
  static final int PRECISION_BITS = 32 - 8 - 2;

  private Resize() {}

  /**
   * @param image the source
   * @param width of the result, at least 1
   * @param height of the result, at least 1
   * @param filter how to resample
   * @return an image of exactly this size; the source itself if it has this size already
   * @throws BadInputException if the size is empty or too large for an array
   */
  public static RgbImage to(RgbImage image, int width, int height, Resampling filter) {
    return window(image, width, height, filter, 0, 0, width, height);
  }

  /**
   * The part of the resized image at (x, y), computing nothing else: the same bytes as {@code
   * to(...).crop(...)} for a part inside the result.
   */
  static RgbImage window(
      RgbImage image,
      int width,
      int height,
      Resampling filter,
      int x,
      int y,
      int partWidth,
      int partHeight) {
    if (width < 1 || height < 1 || 3L * partWidth * partHeight > Integer.MAX_VALUE) {
      throw new BadInputException(
          "Cannot resize to %d x %d pixels: both sides must be at least 1 and the result below 2 GB."
              .formatted(width, height));
    }
    if (width == image.width() && height == image.height()) {
      return image.crop(x, y, partWidth, partHeight);
    }
    if (filter == Resampling.NEAREST) {
      return nearest(image, width, height, x, y, partWidth, partHeight);
    }
    ResizeWeights rows =
        ResizeWeights.of(image.height(), height, y, partHeight, filter, PRECISION_BITS);
    // only the rows that the vertical pass will read
    boolean vertical = height != image.height();
    int firstRow = vertical ? rows.first() : y;
    int rowCount = (vertical ? rows.end() : y + partHeight) - firstRow;
    int[][] narrowed =
        width == image.width()
            ? ResizePasses.unchanged(image, x, partWidth, firstRow, rowCount)
            : ResizePasses.horizontal(
                image,
                firstRow,
                rowCount,
                ResizeWeights.of(image.width(), width, x, partWidth, filter, PRECISION_BITS));
    return vertical
        ? ResizePasses.vertical(narrowed, firstRow, rows)
        : ResizePasses.image(narrowed);
  }

  private static RgbImage nearest(
      RgbImage image, int width, int height, int x, int y, int partWidth, int partHeight) {
    int[] columns = nearestIndices(image.width(), width);
    int[] rows = nearestIndices(image.height(), height);
    byte[] source = image.pixels();
    byte[] out = new byte[3 * partWidth * partHeight];
    for (int row = y, to = 0; row < y + partHeight; row++) {
      int line = rows[row] * image.width();
      for (int column = x; column < x + partWidth; column++) {
        int from = 3 * (line + columns[column]);
        out[to++] = source[from];
        out[to++] = source[from + 1];
        out[to++] = source[from + 2];
      }
    }
    return RgbImage.of(partWidth, partHeight, out);
  }

  /** Steps are added up, not multiplied out, because the sum's rounding error is Pillow's too. */
  private static int[] nearestIndices(int from, int to) {
    int[] indices = new int[to];
    double step = (double) from / to;
    double at = step * 0.5;
    for (int i = 0; i < to; i++, at += step) {
      indices[i] = Math.min((int) at, from - 1);
    }
    return indices;
  }
}
