package io.github.vit4j.finetune.augment;

import io.github.vit4j.image.RgbImage;
import java.util.random.RandomGenerator;

/**
 * One of three changes, each as likely: to grey, solarised (values from 128 on inverted), or
 * blurred with a standard deviation drawn from 0.1 to 2 pixels.
 *
 * <p>Source: DeiT III (Touvron, Cord, Jégou 2022), {@code augment.py}; there a crop and a flip come
 * before it, and {@code ColorJitter(0.3)} after.
 */
public record ThreeAugment() implements ImageTransform {

  @Override
  public RgbImage apply(RgbImage image, RandomGenerator random) {
    return switch (Draw.below(3, random)) {
      case 0 -> Enhance.grey(image);
      case 1 -> Tones.solarize(image, 128);
      default -> GaussianBlur.apply(image, Draw.uniform(0.1, 2, random));
    };
  }
}
