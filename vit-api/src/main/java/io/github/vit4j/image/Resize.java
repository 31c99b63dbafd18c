package io.github.vit4j.image;

import io.github.vit4j.error.BadInputException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
    ResizeWeights columns = weights(image.width(), width, x, partWidth, filter);
    ResizeWeights rows = weights(image.height(), height, y, partHeight, filter);
    return rows == null
        ? ResizePasses.image(
            ResizePasses.horizontal(image, y, partHeight, Objects.requireNonNull(columns)))
        : ResizePasses.inBands(
            image, x, partWidth, columns, rows, ResizePasses.bandRows(partWidth));
  }

  /** Nothing if a side stays as it is. */
  private static @Nullable ResizeWeights weights(
      int from, int to, int first, int count, Resampling filter) {
    return from == to ? null : ResizeWeights.of(from, to, first, count, filter, PRECISION_BITS);
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
