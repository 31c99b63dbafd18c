package io.github.vit4j.finetune.augment;

import io.github.vit4j.image.RgbImage;
import java.util.random.RandomGenerator;

/**
 * Changes brightness, contrast, saturation and hue in random order: torchvision's {@code
 * ColorJitter} on Pillow images.
 *
 * <p>Each of the first three is multiplied by a factor drawn evenly from {@code max(0, 1 - amount)}
 * to {@code 1 + amount}; the hue is turned by a part of the circle drawn from {@code -amount} to
 * {@code amount}. An amount of 0 leaves that one out.
 *
 * @param brightness amount, at least 0
 * @param contrast amount, at least 0
 * @param saturation amount, at least 0
 * @param hue amount, 0 to 0.5
 */
public record ColorJitter(double brightness, double contrast, double saturation, double hue)
    implements ImageTransform {

  private static final int KINDS = 4;

  /** Checks the amounts. */
  public ColorJitter {
    Checks.range("the jitter of brightness", brightness, 0, 100);
    Checks.range("the jitter of contrast", contrast, 0, 100);
    Checks.range("the jitter of saturation", saturation, 0, 100);
    Checks.range("the jitter of hue", hue, 0, 0.5);
  }

  /**
   * The same for brightness, contrast and saturation; hues stay.
   *
   * @param amount at least 0
   */
  public ColorJitter(double amount) {
    this(amount, amount, amount, 0);
  }

  @Override
  public RgbImage apply(RgbImage image, RandomGenerator random) {
    int[] order = new int[KINDS];
    double[] factors = new double[KINDS];
    for (int kind = 0; kind < KINDS; kind++) {
      int other = Draw.below(kind + 1, random);
      order[kind] = order[other];
      order[other] = kind;
      double amount = amount(kind);
      factors[kind] =
          kind == 3
              ? Draw.uniform(-amount, amount, random)
              : Draw.uniform(Math.max(0, 1 - amount), 1 + amount, random);
    }
    RgbImage result = image;
    for (int kind : order) {
      if (amount(kind) > 0) {
        result = adjust(result, kind, factors[kind]);
      }
    }
    return result;
  }

  private double amount(int kind) {
    return switch (kind) {
      case 0 -> brightness;
      case 1 -> contrast;
      case 2 -> saturation;
      default -> hue;
    };
  }

  private static RgbImage adjust(RgbImage image, int kind, double factor) {
    return switch (kind) {
      case 0 -> Enhance.brightness(image, factor);
      case 1 -> Enhance.contrast(image, factor);
      case 2 -> Enhance.saturation(image, factor);
      default -> Hue.shift(image, factor);
    };
  }
}
