package io.github.vit4j.finetune.augment;

import io.github.vit4j.image.RgbImage;
import java.util.random.RandomGenerator;

/**
 * A change to an image that may depend on chance. It has no state: one transform may be used by
 * many threads, and the same image with the same draws gives the same result everywhere.
 */
@FunctionalInterface
public interface ImageTransform {

  /** Gives back the image itself. */
  ImageTransform NONE = (image, random) -> image;

  /**
   * {@return the changed image, or the given one if nothing changes}
   *
   * @param image never written to
   * @param random where every draw comes from
   */
  RgbImage apply(RgbImage image, RandomGenerator random);

  /**
   * {@return this transform followed by another}
   *
   * @param next gets what this one gives
   */
  default ImageTransform then(ImageTransform next) {
    return (image, random) -> next.apply(apply(image, random), random);
  }
}
