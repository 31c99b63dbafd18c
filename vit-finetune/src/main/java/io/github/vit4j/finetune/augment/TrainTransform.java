package io.github.vit4j.finetune.augment;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.CropMode;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.RgbImage;
import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;

/** Any augmentation of the image, then normalisation, then erasing. */
public final class TrainTransform implements SampleTransform {

  private final ImageTransform augmentation;
  private final EvalTransform normalization;
  private final RandomErasing erasing;

  /**
   * @param augmentation must give images of the model's input size
   * @param preprocessing the model's: input size, mean and standard deviation are used
   * @param erasing comes last
   */
  public TrainTransform(
      ImageTransform augmentation, EvalTransform preprocessing, RandomErasing erasing) {
    this.augmentation = augmentation;
    // squashing an image of the right size changes nothing, so that only the normalisation is left
    this.normalization = preprocessing.withCropRatio(1).withCropMode(CropMode.SQUASH);
    this.erasing = erasing;
  }

  @Override
  public int height() {
    return normalization.height();
  }

  @Override
  public int width() {
    return normalization.width();
  }

  @Override
  public void apply(RgbImage image, FloatBuffer out, RandomGenerator random) {
    RgbImage augmented = augmentation.apply(image, random);
    if (augmented.height() != height() || augmented.width() != width()) {
      throw new BadInputException(
          "the augmentation made an image of %d x %d (height x width), but the model reads %d x %d; end it with a crop of that size"
              .formatted(augmented.height(), augmented.width(), height(), width()));
    }
    int start = out.position();
    normalization.apply(augmented, out);
    erasing.apply(out.duplicate().position(start), height(), width(), random);
  }
}
