package io.github.vit4j.examples.cifar10;

import io.github.vit4j.finetune.augment.Augmentation;
import io.github.vit4j.finetune.augment.CropKind;
import io.github.vit4j.finetune.augment.Mixup;
import io.github.vit4j.finetune.recipe.LossKind;
import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.recipe.OptimizerKind;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.recipe.ScheduleKind;
import io.github.vit4j.image.EvalTransform;

/** How small models learn small images from nothing within an hour or two of a processor core. */
public final class SmallRecipe {

  private static final double RATE = 1.5e-3;
  private static final double WARM_UP = 3;

  private SmallRecipe() {}

  /**
   * {@return the recipe: AdamW at 1.5e-3 with 3 epochs of warm-up and a cosine to 1.5e-5, decay
   * 0.05, batches of 64, crops with a margin of 4 pixels, flips, label smoothing 0.1}
   *
   * <p>Models this small do not learn a training set by heart in so few epochs, so there is no
   * stronger augmentation.
   *
   * @param side of the images in pixels
   * @param epochs passes over the training images
   */
  public static Recipe fromScratch(int side, int epochs) {
    return new Recipe(
        "small-from-scratch",
        side,
        1,
        epochs,
        64,
        new Optimization(
            OptimizerKind.ADAMW,
            RATE,
            0.05,
            0.9,
            1,
            ScheduleKind.COSINE,
            Math.min(WARM_UP, epochs / 5.0),
            RATE / 100,
            RATE / 100),
        Augmentation.NONE.withCrop(CropKind.PADDED).withFlip(0.5),
        Mixup.smoothing(0.1),
        LossKind.CROSS_ENTROPY,
        0,
        0);
  }

  /**
   * {@return the same for images of another size than the data's: crops of at least 60 % of the
   * image, scaled, in place of the margin, which would cut them to the data's size}
   *
   * @param side of the images in pixels
   * @param epochs passes over the training images
   */
  public static Recipe scaled(int side, int epochs) {
    return fromScratch(side, epochs)
        .withAugmentation(
            Augmentation.NONE.withCrop(CropKind.RESIZED).withMinScale(0.6).withFlip(0.5));
  }

  /**
   * {@return how images are prepared: the whole image, normalised as is usual for CIFAR-10}
   *
   * @param side of the model's input in pixels
   */
  public static EvalTransform preprocessing(int side) {
    return EvalTransform.ofSize(side)
        .withCropRatio(1)
        .withNormalization(EvalTransform.CIFAR10_MEAN, EvalTransform.CIFAR10_STD);
  }
}
