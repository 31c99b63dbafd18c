package io.github.vit4j.finetune.augment;

import io.github.vit4j.image.Resampling;
import io.github.vit4j.image.Resize;
import io.github.vit4j.image.RgbImage;
import java.util.random.RandomGenerator;

/**
 * Scales an image, with its aspect kept, until its short side has a given length: torchvision's
 * {@code Resize(int)}.
 *
 * @param size of the short side in pixels; the long side is rounded down
 * @param interpolation the resampling filter
 */
public record ResizeShortSide(int size, Resampling interpolation) implements ImageTransform {

  /** No crop needs more of a long side; images of one pixel's height would need billions. */
  private static final int LONGEST = 1 << 20;

  /** Checks the size. */
  public ResizeShortSide {
    Checks.size(size, size);
  }

  @Override
  public RgbImage apply(RgbImage image, RandomGenerator random) {
    int width = image.width();
    int height = image.height();
    int longSide =
        (int) Math.min(LONGEST, (long) size * Math.max(width, height) / Math.min(width, height));
    return width <= height
        ? Resize.to(image, size, longSide, interpolation)
        : Resize.to(image, longSide, size, interpolation);
  }
}
