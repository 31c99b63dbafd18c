package io.github.vit4j.image;

/**
 * The resize as the definition reads: per pixel, per channel, weights computed on the spot, each
 * pass over the whole image. Slow and plain, to hold the fast one against.
 */
final class PlainResize {

  private PlainResize() {}

  static RgbImage to(RgbImage image, int width, int height, Resampling filter) {
    RgbImage narrowed = image;
    if (width != image.width()) {
      byte[] out = new byte[3 * width * image.height()];
      for (int y = 0; y < image.height(); y++) {
        for (int x = 0; x < width; x++) {
          for (int c = 0; c < 3; c++) {
            out[3 * (y * width + x) + c] =
                sample(image, y, c, true, x, image.width(), width, filter);
          }
        }
      }
      narrowed = RgbImage.of(width, image.height(), out);
    }
    if (height == image.height()) {
      return narrowed;
    }
    byte[] out = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int c = 0; c < 3; c++) {
          out[3 * (y * width + x) + c] =
              sample(narrowed, x, c, false, y, image.height(), height, filter);
        }
      }
    }
    return RgbImage.of(width, height, out);
  }

  private static byte sample(
      RgbImage image,
      int line,
      int channel,
      boolean alongRow,
      int target,
      int from,
      int to,
      Resampling filter) {
    double scale = (double) from / to;
    double stretch = Math.max(1, scale);
    double centre = (target + 0.5) * scale;
    double reach = filter.support * stretch;
    int first = (int) Math.max(0, centre - reach + 0.5);
    int end = (int) Math.min(from, centre + reach + 0.5);
    double total = 0;
    for (int i = first; i < end; i++) {
      total += filter.weight((i - centre + 0.5) * (1 / stretch));
    }
    long sum = 1 << 21;
    for (int i = first; i < end; i++) {
      double weight = filter.weight((i - centre + 0.5) * (1 / stretch)) / total;
      int pixel = alongRow ? image.pixel(i, line) : image.pixel(line, i);
      sum += (pixel >> (16 - 8 * channel) & 0xff) * Math.round(weight * (1 << 22));
    }
    return (byte) Math.max(0, Math.min(255, sum >> 22));
  }
}
