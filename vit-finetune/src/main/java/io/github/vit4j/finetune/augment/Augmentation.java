package io.github.vit4j.finetune.augment;

import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.Resampling;

/**
 * The augmentation of a recipe in numbers. In this order: crop, flip, RandAugment, 3-Augment,
 * colour jitter, normalisation, erasing; and how often an image is repeated within an epoch.
 *
 * @param crop how images come to the model's size
 * @param minScale the smallest part of the area for {@link CropKind#RESIZED}, above 0 to 1
 * @param flip probability of a horizontal flip, 0 to 1
 * @param randAugment timm's configuration, as {@code rand-m9-mstd0.5-inc1}; empty for none
 * @param threeAugment whether {@link ThreeAugment} is used
 * @param jitter {@link ColorJitter} of brightness, contrast and saturation; 0 for none
 * @param erasing probability of {@link RandomErasing} in its pixel mode, 0 to 1
 * @param repeats augmented views of an image in an epoch that sees a part of the images only
 *     (Hoffer et al. 2019); 1 for the usual epoch
 */
public record Augmentation(
    CropKind crop,
    double minScale,
    double flip,
    String randAugment,
    boolean threeAugment,
    double jitter,
    double erasing,
    int repeats) {

  /** Nothing but the evaluation's own preprocessing. */
  public static final Augmentation NONE =
      new Augmentation(CropKind.CENTER, 1, 0, "", false, 0, 0, 1);

  /** A random resized crop of at least 8 % of the image, and flips. */
  public static final Augmentation BASIC =
      new Augmentation(CropKind.RESIZED, 0.08, 0.5, "", false, 0, 0, 1);

  /** Checks every value. */
  public Augmentation {
    Checks.range("the smallest part of an image", minScale, 1e-6, 1);
    Checks.probability("the probability of a flip", flip);
    Checks.range("colour jitter", jitter, 0, 100);
    Checks.probability("the probability of erasing", erasing);
    Checks.range("the number of repeats", repeats, 1, 100);
    if (!randAugment.isEmpty()) {
      RandAugment.parse(randAugment);
    }
  }

  /**
   * {@return the same with another crop}
   *
   * @param crop how images come to the model's size
   */
  public Augmentation withCrop(CropKind crop) {
    return new Augmentation(
        crop, minScale, flip, randAugment, threeAugment, jitter, erasing, repeats);
  }

  /**
   * {@return the same with crops of another least size}
   *
   * @param minScale the smallest part of the area, above 0 to 1
   */
  public Augmentation withMinScale(double minScale) {
    return new Augmentation(
        crop, minScale, flip, randAugment, threeAugment, jitter, erasing, repeats);
  }

  /**
   * {@return the same with another probability of a flip}
   *
   * @param flip 0 to 1
   */
  public Augmentation withFlip(double flip) {
    return new Augmentation(
        crop, minScale, flip, randAugment, threeAugment, jitter, erasing, repeats);
  }

  /**
   * {@return the same with another RandAugment}
   *
   * @param randAugment timm's configuration; empty for none
   */
  public Augmentation withRandAugment(String randAugment) {
    return new Augmentation(
        crop, minScale, flip, randAugment, threeAugment, jitter, erasing, repeats);
  }

  /**
   * {@return the same with or without 3-Augment}
   *
   * @param threeAugment whether it is used
   */
  public Augmentation withThreeAugment(boolean threeAugment) {
    return new Augmentation(
        crop, minScale, flip, randAugment, threeAugment, jitter, erasing, repeats);
  }

  /**
   * {@return the same with another colour jitter}
   *
   * @param jitter of brightness, contrast and saturation; 0 for none
   */
  public Augmentation withJitter(double jitter) {
    return new Augmentation(
        crop, minScale, flip, randAugment, threeAugment, jitter, erasing, repeats);
  }

  /**
   * {@return the same with another probability of erasing}
   *
   * @param erasing 0 to 1
   */
  public Augmentation withErasing(double erasing) {
    return new Augmentation(
        crop, minScale, flip, randAugment, threeAugment, jitter, erasing, repeats);
  }

  /**
   * {@return the same with another number of repeats}
   *
   * @param repeats augmented views of an image in an epoch, at least 1
   */
  public Augmentation withRepeats(int repeats) {
    return new Augmentation(
        crop, minScale, flip, randAugment, threeAugment, jitter, erasing, repeats);
  }

  /**
   * {@return the transform that does all this for a model}
   *
   * @param preprocessing the model's: input size, interpolation, mean and standard deviation
   */
  public SampleTransform transform(EvalTransform preprocessing) {
    ImageTransform steps = crop(preprocessing);
    if (flip > 0) {
      steps = steps.then(new HorizontalFlip(flip));
    }
    if (!randAugment.isEmpty()) {
      steps = steps.then(policy(preprocessing));
    }
    if (threeAugment) {
      steps = steps.then(new ThreeAugment());
    }
    if (jitter > 0) {
      steps = steps.then(new ColorJitter(jitter));
    }
    return new TrainTransform(steps, preprocessing, new RandomErasing(erasing, ErasingMode.PIXEL));
  }

  private RandAugment policy(EvalTransform preprocessing) {
    RandAugment policy = RandAugment.parse(randAugment).withFill(preprocessing.mean());
    Resampling filter = preprocessing.interpolation();
    return filter == Resampling.BILINEAR || filter == Resampling.BICUBIC
        ? policy.withInterpolation(filter)
        : policy;
  }

  private ImageTransform crop(EvalTransform preprocessing) {
    int height = preprocessing.height();
    int width = preprocessing.width();
    Resampling filter = preprocessing.interpolation();
    ImageTransform scaled = new ResizeShortSide(Math.max(height, width), filter);
    return switch (crop) {
      case RESIZED -> new RandomResizedCrop(height, width, minScale, 1, 3 / 4., 4 / 3., filter);
      case SIMPLE -> scaled.then(new RandomCrop(height, width, 4, Padding.REFLECT));
      case PADDED -> scaled.then(new RandomCrop(height, width, 4, Padding.ZERO));
      case CENTER -> (image, random) -> preprocessing.resizeAndCrop(image);
    };
  }
}
