package io.github.vit4j.finetune.augment;

import io.github.vit4j.image.RgbImage;
import java.util.random.RandomGenerator;

/**
 * Mirrors left and right now and then.
 *
 * @param probability 0 to 1
 */
public record HorizontalFlip(double probability) implements ImageTransform {

  /** Checks the probability. */
  public HorizontalFlip {
    Checks.probability("the probability of a flip", probability);
  }

  @Override
  public RgbImage apply(RgbImage image, RandomGenerator random) {
    return Draw.chance(probability, random) ? Flip.horizontal(image) : image;
  }
}
