package io.github.vit4j.finetune.augment;

import io.github.vit4j.image.RgbImage;

/**
 * Pillow's {@code ImageFilter.GaussianBlur}: three passes of a box with fractional edges, rounded
 * to bytes in between (Gwosdek et al. 2011).
 */
final class GaussianBlur {

  private static final int PASSES = 3;
  private static final int ONE = 1 << 24;

  private GaussianBlur() {}

  /**
   * @param sigma the standard deviation in pixels
   */
  static RgbImage apply(RgbImage image, double sigma) {
    float radius = boxRadius((float) sigma);
    if (radius == 0) {
      return image;
    }
    byte[] out = image.pixels().clone();
    Box box = new Box(radius);
    int stride = 3 * image.width();
    Line columns = new Line(image.width(), 3);
    for (int pass = 0; pass < PASSES; pass++) {
      for (int y = 0; y < image.height(); y++) {
        columns.blurThree(out, y * stride, box);
      }
    }
    Line rows = new Line(image.height(), stride);
    for (int x = 0; x < image.width(); x++) {
      for (int pass = 0; pass < PASSES; pass++) {
        rows.blurThree(out, 3 * x, box);
      }
    }
    return RgbImage.of(image.width(), image.height(), out);
  }

  /** The box whose three-fold application has this deviation; floats as in Pillow. */
  private static float boxRadius(float sigma) {
    float variance = sigma * sigma / PASSES;
    float length = (float) Math.sqrt(12.0 * variance + 1.0);
    float whole = (float) Math.floor((length - 1.0) / 2.0);
    float part = (2 * whole + 1) * (whole * (whole + 1) - 3 * variance);
    part /= 6 * (variance - (whole + 1) * (whole + 1));
    return whole + part;
  }

  /** A box's whole radius, and the weights of the pixels inside and of the two at its edges. */
  private record Box(int radius, int inside, int edge) {
    Box(float radius) {
      this((int) radius, (int) (ONE / (radius * 2 + 1)));
    }

    private Box(int radius, int inside) {
      this(radius, inside, (ONE - (radius * 2 + 1) * inside) / 2);
    }
  }

  /** A row or column of an image, and room for it with its ends drawn out. */
  private static final class Line {
    private final int length;
    private final int step;
    private int[] padded = new int[0];

    Line(int length, int step) {
      this.length = length;
      this.step = step;
    }

    void blurThree(byte[] pixels, int start, Box box) {
      for (int channel = 0; channel < 3; channel++) {
        blur(pixels, start + channel, box);
      }
    }

    private void blur(byte[] pixels, int start, Box box) {
      int margin = box.radius + 1;
      if (padded.length < length + 2 * margin) {
        padded = new int[length + 2 * margin];
      }
      for (int i = -margin; i < length + margin; i++) {
        int inside = Math.max(0, Math.min(length - 1, i));
        padded[i + margin] = pixels[start + inside * step] & 0xff;
      }
      int sum = 0;
      for (int k = 0; k < 2 * margin - 1; k++) {
        sum += padded[k];
      }
      for (int i = 0; i < length; i++) {
        // the pixels i - radius to i + radius lie at i + 1 to i + 2 radius + 1
        sum += padded[i + 2 * margin - 1] - padded[i];
        int weighed = sum * box.inside + (padded[i] + padded[i + 2 * margin]) * box.edge;
        pixels[start + i * step] = (byte) ((weighed + (1 << 23)) >>> 24);
      }
    }
  }
}
