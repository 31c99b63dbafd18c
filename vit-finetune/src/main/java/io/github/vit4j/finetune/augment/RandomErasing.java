package io.github.vit4j.finetune.augment;

import io.github.vit4j.error.BadInputException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Overwrites rectangles of a normalised image (Zhong et al. 2017), as timm does it.
 *
 * @param probability that an image is touched at all, 0 to 1
 * @param minArea the smallest part of the image's area, shared by all rectangles of an image
 * @param maxArea the largest part
 * @param minAspect height over width is drawn from this, at most 1, to its inverse, evenly on the
 *     logarithmic scale
 * @param mode what the rectangles are filled with
 * @param maxCount rectangles an image: 1 to this, 1 to 100
 */
public record RandomErasing(
    double probability,
    double minArea,
    double maxArea,
    double minAspect,
    ErasingMode mode,
    int maxCount) {

  private static final int ATTEMPTS = 10;

  /** Checks every value. */
  public RandomErasing {
    Checks.probability("the probability of erasing", probability);
    Checks.range("the largest erased part", maxArea, 0, 1);
    Checks.range("the smallest erased part", minArea, 0, maxArea);
    Checks.range("the smallest aspect of an erased rectangle", minAspect, 0.01, 1);
    Checks.range("the number of erased rectangles", maxCount, 1, 100);
  }

  /**
   * timm's defaults: one rectangle of 2 % to a third of the image, aspects from 0.3 to its inverse.
   *
   * @param probability that an image is touched, 0 to 1
   * @param mode what the rectangle is filled with
   */
  public RandomErasing(double probability, ErasingMode mode) {
    this(probability, 0.02, 1 / 3., 0.3, mode, 1);
  }

  /**
   * Erases, or does not, as chance decides.
   *
   * @param pixels (3, H, W) from the buffer's position on; the position stays
   * @param height of the image
   * @param width of the image
   * @param random where every draw comes from
   * @throws BadInputException if the buffer holds fewer values
   */
  public void apply(FloatBuffer pixels, int height, int width, RandomGenerator random) {
    if (pixels.remaining() < 3 * height * width) {
      throw new BadInputException(
          "%d values are no image of 3 x %d x %d".formatted(pixels.remaining(), height, width));
    }
    if (!Draw.chance(probability, random)) {
      return;
    }
    int count = 1 + Draw.below(maxCount, random);
    for (int i = 0; i < count; i++) {
      eraseOne(pixels, height, width, count, random);
    }
  }

  private void eraseOne(
      FloatBuffer pixels, int height, int width, int count, RandomGenerator random) {
    double logAspect = StrictMath.log(minAspect);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = Draw.uniform(minArea, maxArea, random) * height * width / count;
      double aspect = StrictMath.exp(Draw.uniform(logAspect, -logAspect, random));
      int boxHeight = (int) Math.rint(Math.sqrt(area * aspect));
      int boxWidth = (int) Math.rint(Math.sqrt(area / aspect));
      if (boxHeight < height && boxWidth < width) {
        int top = Draw.below(height - boxHeight + 1, random);
        int left = Draw.below(width - boxWidth + 1, random);
        fill(pixels, height, width, new Box(top, left, boxHeight, boxWidth), random);
        return;
      }
    }
  }

  private record Box(int top, int left, int height, int width) {}

  private void fill(FloatBuffer pixels, int height, int width, Box box, RandomGenerator random) {
    float[] row = new float[box.width];
    for (int channel = 0; channel < 3; channel++) {
      if (mode == ErasingMode.RAND) {
        Arrays.fill(row, (float) Draw.gaussian(random));
      }
      for (int y = box.top; y < box.top + box.height; y++) {
        if (mode == ErasingMode.PIXEL) {
          for (int x = 0; x < row.length; x++) {
            row[x] = (float) Draw.gaussian(random);
          }
        }
        pixels.put(pixels.position() + (channel * height + y) * width + box.left, row);
      }
    }
  }
}
