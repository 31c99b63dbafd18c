package io.github.vit4j.finetune.augment;

import io.github.vit4j.image.RgbImage;

/** torchvision's {@code adjust_hue} on Pillow's 8-bit HSV. */
final class Hue {

  private Hue() {}

  /**
   * Turns every hue.
   *
   * @param factor part of the full circle, -0.5 to 0.5
   */
  static RgbImage shift(RgbImage image, double factor) {
    byte[] in = image.pixels();
    byte[] out = new byte[in.length];
    int turn = (int) (factor * 255);
    for (int i = 0; i < in.length; i += 3) {
      turn(in, out, i, turn);
    }
    return RgbImage.of(image.width(), image.height(), out);
  }

  private static void turn(byte[] in, byte[] out, int at, int turn) {
    int red = in[at] & 0xff;
    int green = in[at + 1] & 0xff;
    int blue = in[at + 2] & 0xff;
    int value = Math.max(red, Math.max(green, blue));
    int span = value - Math.min(red, Math.min(green, blue));
    // no early way out for a turn of 0: going through HSV and back is not exact in Pillow either
    int saturation = span == 0 ? 0 : (int) ((float) span / value * 255.0);
    if (saturation == 0) {
      out[at] = (byte) value;
      out[at + 1] = (byte) value;
      out[at + 2] = (byte) value;
      return;
    }
    int hue = (hue(red, green, blue, value, span) + turn) & 0xff;
    int sector = (int) Math.floor((float) hue * 6.0 / 255.0);
    float rest = (float) ((float) hue * 6.0 / 255.0 - (float) sector);
    float part = (float) (saturation / 255.0);
    byte v = (byte) value;
    byte p = rounded(value * (1.0 - part));
    byte q = rounded(value * (1.0 - part * rest));
    byte t = rounded(value * (1.0 - part * (1.0 - rest)));
    switch (sector % 6) {
      case 0 -> put(out, at, v, t, p);
      case 1 -> put(out, at, q, v, p);
      case 2 -> put(out, at, p, v, t);
      case 3 -> put(out, at, p, q, v);
      case 4 -> put(out, at, t, p, v);
      default -> put(out, at, v, p, q);
    }
  }

  private static int hue(int red, int green, int blue, int value, int span) {
    float r = (float) (value - red) / span;
    float g = (float) (value - green) / span;
    float b = (float) (value - blue) / span;
    float sixths;
    if (red == value) {
      sixths = b - g;
    } else if (green == value) {
      sixths = (float) (2.0 + r - b);
    } else {
      sixths = (float) (4.0 + g - r);
    }
    float turns = (float) ((sixths / 6.0 + 1.0) % 1.0);
    return Math.max(0, Math.min(255, (int) (turns * 255.0)));
  }

  private static byte rounded(double value) {
    return (byte) Math.max(0, Math.min(255, (int) Math.floor(value + 0.5)));
  }

  private static void put(byte[] out, int at, byte red, byte green, byte blue) {
    out[at] = red;
    out[at + 1] = green;
    out[at + 2] = blue;
  }
}
