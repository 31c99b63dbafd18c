package io.github.vit4j.finetune.augment;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.RgbImage;

/** What a crop finds beyond the image's edge. */
public enum Padding {
  /** Black. */
  ZERO,
  /** The image mirrored at its outermost pixels, which are not repeated. */
  REFLECT;

  /**
   * The image with a margin on all four sides.
   *
   * @throws BadInputException if the margin is not below the image's sides, for reflection
   */
  RgbImage around(RgbImage image, int margin) {
    if (margin == 0) {
      return image;
    }
    int width = image.width() + 2 * margin;
    int height = image.height() + 2 * margin;
    if (this == ZERO) {
      return image.crop(-margin, -margin, width, height);
    }
    if (margin >= Math.min(image.width(), image.height())) {
      throw new BadInputException(
          "an image of %d x %d cannot be mirrored %d pixels deep; use a smaller margin or larger images"
              .formatted(image.width(), image.height(), margin));
    }
    byte[] in = image.pixels();
    byte[] out = new byte[3 * width * height];
    int to = 0;
    for (int y = 0; y < height; y++) {
      int line = mirrored(y - margin, image.height()) * image.width();
      for (int x = 0; x < width; x++) {
        int from = 3 * (line + mirrored(x - margin, image.width()));
        out[to++] = in[from];
        out[to++] = in[from + 1];
        out[to++] = in[from + 2];
      }
    }
    return RgbImage.of(width, height, out);
  }

  private static int mirrored(int at, int size) {
    int inside = Math.abs(at);
    return inside < size ? inside : 2 * (size - 1) - inside;
  }
}
