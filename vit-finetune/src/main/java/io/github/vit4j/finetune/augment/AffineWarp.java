package io.github.vit4j.finetune.augment;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.Resampling;
import io.github.vit4j.image.RgbImage;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Pillow's {@code Image.transform(AFFINE)} and {@code rotate} to an image of the same size, with
 * bilinear or bicubic interpolation. What comes from outside the image gets a fill colour.
 */
final class AffineWarp {

  private final RgbImage image;
  private final int width;
  private final int height;
  private final boolean cubic;
  private final double[] column = new double[4];

  private AffineWarp(RgbImage image, Resampling filter) {
    if (filter != Resampling.BILINEAR && filter != Resampling.BICUBIC) {
      throw new BadInputException(
          "images are turned and sheared with bilinear or bicubic interpolation, not %s"
              .formatted(filter.jsonName()));
    }
    this.image = image;
    this.width = image.width();
    this.height = image.height();
    this.cubic = filter == Resampling.BICUBIC;
  }

  static RgbImage shearX(RgbImage image, double factor, Resampling filter, int fill) {
    return apply(image, filter, fill, 1, factor, 0, 0, 1, 0);
  }

  static RgbImage shearY(RgbImage image, double factor, Resampling filter, int fill) {
    return apply(image, filter, fill, 1, 0, 0, factor, 1, 0);
  }

  /** Moves the image to the left by a part of its width. */
  static RgbImage translateX(RgbImage image, double part, Resampling filter, int fill) {
    return apply(image, filter, fill, 1, 0, part * image.width(), 0, 1, 0);
  }

  /** Moves the image up by a part of its height. */
  static RgbImage translateY(RgbImage image, double part, Resampling filter, int fill) {
    return apply(image, filter, fill, 1, 0, 0, 0, 1, part * image.height());
  }

  /** Turns the image about its centre, counter-clockwise, by degrees between -90 and 90. */
  static RgbImage rotate(RgbImage image, double degrees, Resampling filter, int fill) {
    if (degrees == 0) {
      return image;
    }
    double full = degrees < 0 ? degrees + 360 : degrees; // Pillow's modulo, with its rounding
    double angle = -full * (Math.PI / 180);
    double cos = rounded(StrictMath.cos(angle));
    double sin = rounded(StrictMath.sin(angle));
    double x = image.width() / 2.0;
    double y = image.height() / 2.0;
    double shiftX = cos * -x + sin * -y + 0.0 + x;
    double shiftY = -sin * -x + cos * -y + 0.0 + y;
    return apply(image, filter, fill, cos, sin, shiftX, -sin, cos, shiftY);
  }

  /** Python's {@code round(value, 15)}, which Pillow applies. */
  private static double rounded(double value) {
    return new BigDecimal(value).setScale(15, RoundingMode.HALF_EVEN).doubleValue();
  }

  /** The pixel at (x, y) comes from (ax + by + c, dx + ey + f). */
  private static RgbImage apply(
      RgbImage image,
      Resampling filter,
      int fill,
      double a,
      double b,
      double c,
      double d,
      double e,
      double f) {
    AffineWarp warp = new AffineWarp(image, filter);
    byte[] out = new byte[image.pixels().length];
    int to = 0;
    for (int y = 0; y < warp.height; y++) {
      for (int x = 0; x < warp.width; x++, to += 3) {
        double fromX = a * (x + 0.5) + b * (y + 0.5) + c;
        double fromY = d * (x + 0.5) + e * (y + 0.5) + f;
        if (fromX < 0 || fromX >= warp.width || fromY < 0 || fromY >= warp.height) {
          out[to] = (byte) (fill >> 16);
          out[to + 1] = (byte) (fill >> 8);
          out[to + 2] = (byte) fill;
        } else if (warp.cubic) {
          warp.cubic(out, to, fromX - 0.5, fromY - 0.5);
        } else {
          warp.linear(out, to, fromX - 0.5, fromY - 0.5);
        }
      }
    }
    return RgbImage.of(image.width(), image.height(), out);
  }

  private void linear(byte[] out, int to, double fromX, double fromY) {
    int x = (int) Math.floor(fromX);
    int y = (int) Math.floor(fromY);
    double dx = fromX - x;
    double dy = fromY - y;
    int left = 3 * clip(x, width);
    int right = 3 * clip(x + 1, width);
    int upper = 3 * width * clip(y, height);
    int lower = 3 * width * clip(y + 1, height);
    byte[] in = image.pixels();
    for (int channel = 0; channel < 3; channel++) {
      int a = in[upper + left + channel] & 0xff;
      int b = in[upper + right + channel] & 0xff;
      int c = in[lower + left + channel] & 0xff;
      int d = in[lower + right + channel] & 0xff;
      double first = a + (b - a) * dx;
      double second = c + (d - c) * dx;
      out[to + channel] = (byte) (first + (second - first) * dy);
    }
  }

  private void cubic(byte[] out, int to, double fromX, double fromY) {
    int x = (int) Math.floor(fromX);
    int y = (int) Math.floor(fromY);
    double dx = fromX - x;
    double dy = fromY - y;
    int x0 = 3 * clip(x - 1, width);
    int x1 = 3 * clip(x, width);
    int x2 = 3 * clip(x + 1, width);
    int x3 = 3 * clip(x + 2, width);
    byte[] in = image.pixels();
    for (int channel = 0; channel < 3; channel++) {
      for (int row = 0; row < 4; row++) {
        int line = 3 * width * clip(y - 1 + row, height) + channel;
        column[row] =
            cubic(
                in[line + x0] & 0xff,
                in[line + x1] & 0xff,
                in[line + x2] & 0xff,
                in[line + x3] & 0xff,
                dx);
      }
      double value = cubic(column[0], column[1], column[2], column[3], dy);
      out[to + channel] = (byte) (value <= 0 ? 0 : value >= 255 ? 255 : (int) value);
    }
  }

  /** Keys' cubic with a = -1, which Pillow's geometry has, unlike its resizing. */
  private static double cubic(double v1, double v2, double v3, double v4, double d) {
    double p2 = -v1 + v3;
    double p3 = 2 * (v1 - v2) + v3 - v4;
    double p4 = -v1 + v2 - v3 + v4;
    return v2 + d * (p2 + d * (p3 + d * p4));
  }

  private static int clip(int at, int size) {
    return Math.max(0, Math.min(size - 1, at));
  }
}
