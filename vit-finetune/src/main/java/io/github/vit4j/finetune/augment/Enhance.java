package io.github.vit4j.finetune.augment;

import io.github.vit4j.image.RgbImage;

/**
 * Pillow's {@code ImageEnhance}: a blend of the image with a poorer version of itself. A factor of
 * 1 changes nothing, 0 leaves the poorer version, above 1 exaggerates.
 */
final class Enhance {

  private Enhance() {}

  /** Against black. */
  static RgbImage brightness(RgbImage image, double factor) {
    return factor == 1 ? image : Tones.map(image, v -> blend(0, v, (float) factor));
  }

  /** Against the mean luma. */
  static RgbImage contrast(RgbImage image, double factor) {
    if (factor == 1) {
      return image;
    }
    byte[] rgb = image.pixels();
    long sum = 0;
    for (int i = 0; i < rgb.length; i += 3) {
      sum += luma(rgb, i);
    }
    int mean = (int) ((double) sum / (rgb.length / 3) + 0.5);
    return Tones.map(image, v -> blend(mean, v, (float) factor));
  }

  /** Against grey: Pillow's {@code Color}, torchvision's saturation. */
  static RgbImage saturation(RgbImage image, double factor) {
    if (factor == 1) {
      return image;
    }
    byte[] in = image.pixels();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i += 3) {
      int grey = luma(in, i);
      for (int channel = i; channel < i + 3; channel++) {
        out[channel] = (byte) blend(grey, in[channel] & 0xff, (float) factor);
      }
    }
    return RgbImage.of(image.width(), image.height(), out);
  }

  static RgbImage grey(RgbImage image) {
    return saturation(image, 0);
  }

  /** Against the image smoothed by the kernel (1 1 1, 1 5 1, 1 1 1) / 13. */
  static RgbImage sharpness(RgbImage image, double factor) {
    if (factor == 1) {
      return image;
    }
    byte[] in = image.pixels();
    byte[] out = smooth(image);
    for (int i = 0; i < out.length; i++) {
      out[i] = (byte) blend(out[i] & 0xff, in[i] & 0xff, (float) factor);
    }
    return RgbImage.of(image.width(), image.height(), out);
  }

  /** The outermost pixels stay as they are, as in Pillow. */
  private static byte[] smooth(RgbImage image) {
    byte[] in = image.pixels();
    byte[] out = in.clone();
    int stride = 3 * image.width();
    float edge = 1 / 13f;
    float centre = 5 / 13f;
    for (int y = 1; y < image.height() - 1; y++) {
      for (int at = y * stride + 3; at < (y + 1) * stride - 3; at++) {
        // sums in Pillow's order, because float addition is not associative
        float sum = 0.5f;
        sum += row(in, at + stride, edge, edge);
        sum += row(in, at, edge, centre);
        sum += row(in, at - stride, edge, edge);
        out[at] = (byte) Math.min(255, (int) sum);
      }
    }
    return out;
  }

  private static float row(byte[] in, int at, float edge, float centre) {
    return (in[at - 3] & 0xff) * edge + (in[at] & 0xff) * centre + (in[at + 3] & 0xff) * edge;
  }

  private static int blend(int poorer, int value, float factor) {
    float blended = poorer + factor * (value - poorer);
    return blended <= 0 ? 0 : blended >= 255 ? 255 : (int) blended;
  }

  /** Pillow's conversion to {@code L}: ITU-R 601 in 16-bit fixed point. */
  private static int luma(byte[] rgb, int at) {
    return ((rgb[at] & 0xff) * 19595
            + (rgb[at + 1] & 0xff) * 38470
            + (rgb[at + 2] & 0xff) * 7471
            + 0x8000)
        >> 16;
  }
}
