package io.github.vit4j.finetune.augment;

import io.github.vit4j.image.RgbImage;
import java.util.function.IntUnaryOperator;

/** Operations that map each channel's values through a table, as Pillow's {@code ImageOps} does. */
final class Tones {

  private static final int LEVELS = 256;

  private Tones() {}

  static RgbImage invert(RgbImage image) {
    return map(image, v -> 255 - v);
  }

  /** Inverts values of at least the threshold. */
  static RgbImage solarize(RgbImage image, int threshold) {
    return map(image, v -> v < threshold ? v : 255 - v);
  }

  /** timm's: brightens values below 128. */
  static RgbImage solarizeAdd(RgbImage image, int add) {
    return map(image, v -> v < 128 ? Math.min(255, v + add) : v);
  }

  /** Keeps so many of the highest bits, 0 to 8. */
  static RgbImage posterize(RgbImage image, int bits) {
    int mask = -(1 << (8 - bits));
    return map(image, v -> v & mask);
  }

  /** Stretches each channel to 0 to 255. */
  static RgbImage autoContrast(RgbImage image) {
    int[][] histograms = histograms(image);
    byte[][] tables = new byte[3][];
    for (int channel = 0; channel < 3; channel++) {
      int[] histogram = histograms[channel];
      int low = 0;
      while (histogram[low] == 0) {
        low++;
      }
      int high = LEVELS - 1;
      while (histogram[high] == 0) {
        high--;
      }
      double scale = high > low ? 255.0 / (high - low) : 1;
      double offset = high > low ? -low * scale : 0;
      tables[channel] = table(v -> Math.max(0, Math.min(255, (int) (v * scale + offset))));
    }
    return map(image, tables);
  }

  /** Evens out each channel's histogram. */
  static RgbImage equalize(RgbImage image) {
    int[][] histograms = histograms(image);
    byte[][] tables = new byte[3][];
    int pixels = image.width() * image.height();
    for (int channel = 0; channel < 3; channel++) {
      int[] histogram = histograms[channel];
      int last = LEVELS - 1;
      while (histogram[last] == 0) {
        last--;
      }
      // with one value only, this is 0 too
      int step = (pixels - histogram[last]) / 255;
      byte[] table = new byte[LEVELS];
      int sum = step / 2;
      for (int v = 0; v < LEVELS; v++) {
        table[v] = (byte) (step == 0 ? v : Math.min(255, sum / step));
        sum += histogram[v];
      }
      tables[channel] = table;
    }
    return map(image, tables);
  }

  static RgbImage map(RgbImage image, IntUnaryOperator operator) {
    byte[] table = table(operator);
    return map(image, new byte[][] {table, table, table});
  }

  private static byte[] table(IntUnaryOperator operator) {
    byte[] table = new byte[LEVELS];
    for (int v = 0; v < LEVELS; v++) {
      table[v] = (byte) operator.applyAsInt(v);
    }
    return table;
  }

  private static RgbImage map(RgbImage image, byte[][] tables) {
    byte[] in = image.pixels();
    byte[] out = new byte[in.length];
    for (int i = 0; i < in.length; i += 3) {
      out[i] = tables[0][in[i] & 0xff];
      out[i + 1] = tables[1][in[i + 1] & 0xff];
      out[i + 2] = tables[2][in[i + 2] & 0xff];
    }
    return RgbImage.of(image.width(), image.height(), out);
  }

  private static int[][] histograms(RgbImage image) {
    int[][] histograms = new int[3][LEVELS];
    byte[] in = image.pixels();
    for (int i = 0; i < in.length; i += 3) {
      histograms[0][in[i] & 0xff]++;
      histograms[1][in[i + 1] & 0xff]++;
      histograms[2][in[i + 2] & 0xff]++;
    }
    return histograms;
  }
}
