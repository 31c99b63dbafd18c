package io.github.vit4j.finetune.augment;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.Resampling;
import io.github.vit4j.image.Resize;
import io.github.vit4j.image.RgbImage;
import java.util.random.RandomGenerator;

/**
 * Cuts out a box of random size, shape and place and scales it: torchvision's {@code
 * RandomResizedCrop}, the "Inception" crop.
 *
 * <p>The box's area is drawn evenly from a range, its aspect (width over height) evenly on the
 * logarithmic scale. If ten draws give no box that fits, the largest centred box whose aspect is
 * within the range is taken. The box is cut out first and scaled then, so that pixels around it
 * have no part in the result.
 *
 * @param height of the result in pixels
 * @param width of the result in pixels
 * @param minScale the smallest part of the image's area, above 0
 * @param maxScale the largest part of the image's area, up to 1
 * @param minRatio the smallest aspect, above 0
 * @param maxRatio the largest aspect
 * @param interpolation the resampling filter
 */
public record RandomResizedCrop(
    int height,
    int width,
    double minScale,
    double maxScale,
    double minRatio,
    double maxRatio,
    Resampling interpolation)
    implements ImageTransform {

  private static final int ATTEMPTS = 10;

  /** Checks the ranges. */
  public RandomResizedCrop {
    Checks.size(height, width);
    Checks.range("the largest part of an image", maxScale, 1e-6, 1);
    Checks.range("the smallest part of an image", minScale, 1e-6, maxScale);
    Checks.range("the smallest aspect of a crop", minRatio, 1e-3, 1e3);
    if (!(maxRatio >= minRatio && maxRatio <= 1e3)) {
      throw new BadInputException(
          "a crop's aspects cannot range from %s to %s; give the smaller one first"
              .formatted(minRatio, maxRatio));
    }
  }

  /**
   * The usual ranges: 0.08 to 1 of the area, aspects from 3/4 to 4/3, bicubic.
   *
   * @param height of the result in pixels
   * @param width of the result in pixels
   */
  public RandomResizedCrop(int height, int width) {
    this(height, width, 0.08, 1, 3 / 4., 4 / 3., Resampling.BICUBIC);
  }

  @Override
  public RgbImage apply(RgbImage image, RandomGenerator random) {
    Box box = draw(image.width(), image.height(), random);
    return Resize.to(image.crop(box.x, box.y, box.width, box.height), width, height, interpolation);
  }

  /** What is cut out, in the image's pixels. */
  record Box(int x, int y, int width, int height) {}

  Box draw(int imageWidth, int imageHeight, RandomGenerator random) {
    double area = (double) imageWidth * imageHeight;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double target = area * Draw.uniform(minScale, maxScale, random);
      double ratio =
          StrictMath.exp(Draw.uniform(StrictMath.log(minRatio), StrictMath.log(maxRatio), random));
      int boxWidth = (int) Math.rint(Math.sqrt(target * ratio));
      int boxHeight = (int) Math.rint(Math.sqrt(target / ratio));
      // in an image of a few pixels a side may be rounded to none
      if (boxWidth > 0 && boxWidth <= imageWidth && boxHeight > 0 && boxHeight <= imageHeight) {
        int y = Draw.below(imageHeight - boxHeight + 1, random);
        int x = Draw.below(imageWidth - boxWidth + 1, random);
        return new Box(x, y, boxWidth, boxHeight);
      }
    }
    return centre(imageWidth, imageHeight);
  }

  private Box centre(int imageWidth, int imageHeight) {
    double ratio = (double) imageWidth / imageHeight;
    int boxWidth = imageWidth;
    int boxHeight = imageHeight;
    if (ratio < minRatio) {
      boxHeight = (int) Math.max(1, Math.rint(imageWidth / minRatio));
    } else if (ratio > maxRatio) {
      boxWidth = (int) Math.max(1, Math.rint(imageHeight * maxRatio));
    }
    return new Box((imageWidth - boxWidth) / 2, (imageHeight - boxHeight) / 2, boxWidth, boxHeight);
  }
}
