package io.github.vit4j.finetune.augment;

import io.github.vit4j.image.Resampling;
import io.github.vit4j.image.RgbImage;
import java.util.List;
import java.util.random.RandomGenerator;

/** The operations of RandAugment with timm's scales: a magnitude of 10 is the strongest. */
enum RandAugmentOp {
  AUTO_CONTRAST,
  EQUALIZE,
  INVERT,
  ROTATE,
  POSTERIZE,
  POSTERIZE_INCREASING,
  SOLARIZE,
  SOLARIZE_INCREASING,
  SOLARIZE_ADD,
  COLOR,
  COLOR_INCREASING,
  CONTRAST,
  CONTRAST_INCREASING,
  BRIGHTNESS,
  BRIGHTNESS_INCREASING,
  SHARPNESS,
  SHARPNESS_INCREASING,
  SHEAR_X,
  SHEAR_Y,
  TRANSLATE_X_REL,
  TRANSLATE_Y_REL;

  /** timm's default set, in which the effect of some operations shrinks with the magnitude. */
  static final List<RandAugmentOp> PLAIN =
      List.of(
          AUTO_CONTRAST,
          EQUALIZE,
          INVERT,
          ROTATE,
          POSTERIZE,
          SOLARIZE,
          SOLARIZE_ADD,
          COLOR,
          CONTRAST,
          BRIGHTNESS,
          SHARPNESS,
          SHEAR_X,
          SHEAR_Y,
          TRANSLATE_X_REL,
          TRANSLATE_Y_REL);

  /** The set of {@code inc1}: every effect grows with the magnitude. */
  static final List<RandAugmentOp> INCREASING =
      List.of(
          AUTO_CONTRAST,
          EQUALIZE,
          INVERT,
          ROTATE,
          POSTERIZE_INCREASING,
          SOLARIZE_INCREASING,
          SOLARIZE_ADD,
          COLOR_INCREASING,
          CONTRAST_INCREASING,
          BRIGHTNESS_INCREASING,
          SHARPNESS_INCREASING,
          SHEAR_X,
          SHEAR_Y,
          TRANSLATE_X_REL,
          TRANSLATE_Y_REL);

  private static final double STRONGEST = 10;

  /**
   * What the operation is called with: degrees, a factor, a threshold, a number of bits, a part.
   *
   * @param magnitude at least 0
   * @param random decides about the sign
   */
  double argument(double magnitude, RandomGenerator random) {
    double level = magnitude / STRONGEST;
    return switch (this) {
      case AUTO_CONTRAST, EQUALIZE, INVERT -> 0;
      case ROTATE -> signed(level * 30, random);
      case POSTERIZE -> (int) (level * 4);
      case POSTERIZE_INCREASING -> 4 - (int) (level * 4);
      case SOLARIZE -> Math.min(256, (int) (level * 256));
      case SOLARIZE_INCREASING -> 256 - Math.min(256, (int) (level * 256));
      case SOLARIZE_ADD -> Math.min(128, (int) (level * 110));
      case COLOR, CONTRAST, BRIGHTNESS, SHARPNESS -> level * 1.8 + 0.1;
      case COLOR_INCREASING, CONTRAST_INCREASING, BRIGHTNESS_INCREASING, SHARPNESS_INCREASING ->
          Math.max(0.1, 1 + signed(level * 0.9, random));
      case SHEAR_X, SHEAR_Y -> signed(level * 0.3, random);
      case TRANSLATE_X_REL, TRANSLATE_Y_REL -> signed(level * 0.45, random);
    };
  }

  private static double signed(double value, RandomGenerator random) {
    return Draw.coin(random) ? -value : value;
  }

  RgbImage apply(RgbImage image, double argument, Resampling filter, int fill) {
    return switch (this) {
      case AUTO_CONTRAST -> Tones.autoContrast(image);
      case EQUALIZE -> Tones.equalize(image);
      case INVERT -> Tones.invert(image);
      case ROTATE -> AffineWarp.rotate(image, argument, filter, fill);
      case POSTERIZE, POSTERIZE_INCREASING ->
          argument >= 8 ? image : Tones.posterize(image, Math.max(0, (int) argument));
      case SOLARIZE, SOLARIZE_INCREASING -> Tones.solarize(image, (int) argument);
      case SOLARIZE_ADD -> Tones.solarizeAdd(image, (int) argument);
      case COLOR, COLOR_INCREASING -> Enhance.saturation(image, argument);
      case CONTRAST, CONTRAST_INCREASING -> Enhance.contrast(image, argument);
      case BRIGHTNESS, BRIGHTNESS_INCREASING -> Enhance.brightness(image, argument);
      case SHARPNESS, SHARPNESS_INCREASING -> Enhance.sharpness(image, argument);
      case SHEAR_X -> AffineWarp.shearX(image, argument, filter, fill);
      case SHEAR_Y -> AffineWarp.shearY(image, argument, filter, fill);
      case TRANSLATE_X_REL -> AffineWarp.translateX(image, argument, filter, fill);
      case TRANSLATE_Y_REL -> AffineWarp.translateY(image, argument, filter, fill);
    };
  }
}
