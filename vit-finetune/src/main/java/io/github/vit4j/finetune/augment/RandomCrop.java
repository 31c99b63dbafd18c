package io.github.vit4j.finetune.augment;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.RgbImage;
import java.util.random.RandomGenerator;

/**
 * Cuts out a box of fixed size at a random place of the image with a margin around it:
 * torchvision's {@code RandomCrop}.
 *
 * @param height of the result in pixels
 * @param width of the result in pixels
 * @param margin how many pixels are added on each side first, 0 to 4096
 * @param padding what the margin shows
 */
public record RandomCrop(int height, int width, int margin, Padding padding)
    implements ImageTransform {

  /** Checks the sizes. */
  public RandomCrop {
    Checks.size(height, width);
    Checks.range("the margin of a crop", margin, 0, 4096);
  }

  @Override
  public RgbImage apply(RgbImage image, RandomGenerator random) {
    int spareY = image.height() + 2 * margin - height;
    int spareX = image.width() + 2 * margin - width;
    if (spareX < 0 || spareY < 0) {
      throw new BadInputException(
          "an image of %d x %d with a margin of %d is too small for a crop of %d x %d; scale images first"
              .formatted(image.width(), image.height(), margin, width, height));
    }
    int y = Draw.below(spareY + 1, random);
    int x = Draw.below(spareX + 1, random);
    return padding.around(image, margin).crop(x, y, width, height);
  }
}
