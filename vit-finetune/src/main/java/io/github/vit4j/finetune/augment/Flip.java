package io.github.vit4j.finetune.augment;

import io.github.vit4j.image.RgbImage;

/** Mirrors left and right. */
final class Flip {

  private Flip() {}

  static RgbImage horizontal(RgbImage image) {
    byte[] in = image.pixels();
    byte[] out = new byte[in.length];
    int stride = 3 * image.width();
    for (int line = 0; line < in.length; line += stride) {
      int to = line + stride - 3;
      for (int from = line; from < line + stride; from += 3, to -= 3) {
        out[to] = in[from];
        out[to + 1] = in[from + 1];
        out[to + 2] = in[from + 2];
      }
    }
    return RgbImage.of(image.width(), image.height(), out);
  }
}
