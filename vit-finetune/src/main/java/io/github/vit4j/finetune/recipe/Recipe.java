package io.github.vit4j.finetune.recipe;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.Augmentation;
import io.github.vit4j.finetune.augment.Mixup;
import io.github.vit4j.finetune.data.BatchLoader;
import io.github.vit4j.finetune.data.BatchLoaderSettings;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.data.Remainder;
import io.github.vit4j.finetune.data.Sampler;
import io.github.vit4j.image.EvalTransform;

/**
 * A way to train, in numbers. It trains nothing itself.
 *
 * <p>The costs that the factories state are computed: multiply-accumulates are counted three times
 * an image, once forward and twice backward.
 *
 * @param name for messages and logs
 * @param imageSize side of the training images in pixels
 * @param cropRatio of the evaluation's centre crop, above 0 to 1
 * @param epochs passes over as many images as the data set has
 * @param batch images that one step of the optimiser sees
 * @param optimization optimiser and learning rate
 * @param augmentation of the images
 * @param mixup mixing of images, and label smoothing
 * @param loss what is minimised
 * @param dropPath probability of leaving out a residual branch, the same in all blocks, 0 to below
 *     1
 * @param emaDecay of a running mean of the weights, 0 for none, below 1
 */
public record Recipe(
    String name,
    int imageSize,
    double cropRatio,
    int epochs,
    int batch,
    Optimization optimization,
    Augmentation augmentation,
    Mixup mixup,
    LossKind loss,
    double dropPath,
    double emaDecay) {

  private static final String DEIT_POLICY = "rand-m9-mstd0.5-inc1";

  /** Checks every value. */
  public Recipe {
    check("an image size", imageSize, imageSize >= 1 && imageSize <= 16_384, "1 to 16384");
    check("a crop ratio", cropRatio, cropRatio > 0 && cropRatio <= 1, "above 0 and at most 1");
    check("a number of epochs", epochs, epochs >= 1, "1 or more");
    check("a batch", batch, batch >= 1 && batch <= 65_536, "1 to 65536");
    check("a drop-path rate", dropPath, dropPath >= 0 && dropPath < 1, "0 to below 1");
    check("a decay of the mean weights", emaDecay, emaDecay >= 0 && emaDecay < 1, "0 to below 1");
    if (loss == LossKind.BINARY_CROSS_ENTROPY && mixup.smoothing() > 0) {
      throw new BadInputException(
          "binary cross-entropy counts every target above 0 as 1, so labels cannot be smoothed; use a smoothing of 0, or cross-entropy");
    }
  }

  private static void check(String what, double value, boolean possible, String range) {
    if (!possible) {
      throw new BadInputException(
          "%s of %s is not possible; give %s".formatted(what, value, range));
    }
  }

  /**
   * {@return training of a ViT-S from nothing at 224 pixels, as in "Three things everyone should
   * know about ViTs"}
   *
   * <p>{@link #threeThings224(ModelScale)} has the numbers, the source and the cost.
   */
  public static Recipe threeThings224() {
    return threeThings224(ModelScale.SMALL);
  }

  /**
   * {@return training from nothing at 224 pixels, as in "Three things everyone should know about
   * ViTs"}
   *
   * <p>Source: Touvron et al. 2022 (arXiv 2203.09795), section 2.2: the A2 procedure of "ResNet
   * strikes back" (Wightman et al. 2021) with binary cross-entropy, a rate of 4e-3 (T, S) or 3e-3
   * (B, L) and drop-path of 0, 0.05, 0.1, 0.4. From A2: LAMB, weight decay 0.02, batch 2048, 5
   * epochs of warm-up from a ten-thousandth of the rate, cosine to 1e-6, 300 epochs, random resized
   * crops, RandAugment {@code rand-m7-n2-mstd0.5-inc1}, mixup 0.1 and CutMix 1 in turn, repeated
   * augmentation (3), no smoothing, evaluation with a crop ratio of 0.95. The paper's better models
   * add LayerScale and train for 400 epochs.
   *
   * <p>Result in the paper, ImageNet top-1: T 72.7, S 79.7, B 82.2, L 83.0 %.
   *
   * <p>Cost: 384 million images; for S at 4.6 billion multiply-accumulates an image 5.3e18, for B
   * 2.0e19.
   *
   * @param scale of the model
   */
  public static Recipe threeThings224(ModelScale scale) {
    double rate = scale == ModelScale.TINY || scale == ModelScale.SMALL ? 4e-3 : 3e-3;
    double dropPath =
        switch (scale) {
          case TINY -> 0;
          case SMALL -> 0.05;
          case BASE -> 0.1;
          case LARGE -> 0.4;
        };
    return new Recipe(
        "three-things-224",
        224,
        0.95,
        300,
        2048,
        new Optimization(
            OptimizerKind.LAMB, rate, 0.02, 0.9, 0, ScheduleKind.COSINE, 5, rate * 1e-4, 1e-6),
        Augmentation.BASIC.withRandAugment("rand-m7-n2-mstd0.5-inc1").withRepeats(3),
        new Mixup(0.1, 1, 0),
        LossKind.BINARY_CROSS_ENTROPY,
        dropPath,
        0);
  }

  /**
   * {@return fine-tuning of a ViT-S from 224 to 384 pixels}
   *
   * <p>{@link #threeThings384(ModelScale)} has the numbers, the source and the cost.
   */
  public static Recipe threeThings384() {
    return threeThings384(ModelScale.SMALL);
  }

  /**
   * {@return fine-tuning from 224 to 384 pixels, for all weights or for attention alone}
   *
   * <p>Source: "Three things everyone should know about ViTs" prints no numbers for it, so these
   * are those of the same authors' DeiT III (arXiv 2204.07118, {@code README_revenge.md}): AdamW at
   * 1e-5, weight decay 0.1, batch 512, 20 epochs, 5 of warm-up from 1e-6, random resized crops,
   * RandAugment {@code rand-m9-mstd0.5-inc1}, mixup 0.8 and CutMix 1 in turn, smoothing 0.1,
   * drop-path 0 (S), 0.15 (B), 0.4 (L), evaluation of the whole image. The command asks for a
   * cosine, but to DeiT's default final rate of 1e-5, so the rate stays after the warm-up. No
   * numbers are given for T; it gets those of S.
   *
   * <p>Result in the paper, ImageNet top-1 with all weights / attention alone: S 82.7 / 82.5, B
   * 84.3 / 84.3, L 85.5 / 85.5 %.
   *
   * <p>Cost: 26 million images; for S at 15.5 billion multiply-accumulates an image 1.2e18, for B
   * 4.3e18. Attention alone saves about a tenth of time and memory.
   *
   * @param scale of the model
   */
  public static Recipe threeThings384(ModelScale scale) {
    double dropPath =
        switch (scale) {
          case TINY, SMALL -> 0;
          case BASE -> 0.15;
          case LARGE -> 0.4;
        };
    return new Recipe(
        "three-things-384",
        384,
        1,
        20,
        512,
        new Optimization(
            OptimizerKind.ADAMW, 1e-5, 0.1, 0.9, 0, ScheduleKind.COSINE, 5, 1e-6, 1e-5),
        Augmentation.BASIC.withRandAugment(DEIT_POLICY),
        new Mixup(0.8, 1, 0.1),
        LossKind.CROSS_ENTROPY,
        dropPath,
        0);
  }

  /**
   * {@return fine-tuning on another data set at 224 pixels, as DeiT does it for CIFAR and Cars}
   *
   * <p>Source: the first author's answer in issue 45 of facebookresearch/deit: SGD at 0.01, weight
   * decay 1e-4, batch 768, 1,000 epochs, without erasing and drop-path, all else as in DeiT's
   * training: 5 epochs of warm-up from 1e-6, cosine to 1e-5, random resized crops, RandAugment
   * {@code rand-m9-mstd0.5-inc1}, mixup 0.8 and CutMix 1 in turn, smoothing 0.1, repeated
   * augmentation (3). "Three things everyone should know about ViTs" gives no numbers for its
   * transfers. For iNaturalist, issue 105 has 360 epochs of AdamW at 7.5e-5 with weight decay 0.05,
   * drop-path 0.1 and erasing 0.1.
   *
   * <p>Cost: on CIFAR 50 million images; for S at 4.6 billion multiply-accumulates an image 6.9e17.
   * {@link #withEpochs} makes it shorter.
   */
  public static Recipe deitTransfer() {
    return new Recipe(
        "deit-transfer",
        224,
        EvalTransform.DEFAULT_CROP_RATIO,
        1000,
        768,
        new Optimization(OptimizerKind.SGD, 0.01, 1e-4, 0.9, 0, ScheduleKind.COSINE, 5, 1e-6, 1e-5),
        Augmentation.BASIC.withRandAugment(DEIT_POLICY).withRepeats(3),
        new Mixup(0.8, 1, 0.1),
        LossKind.CROSS_ENTROPY,
        0,
        0);
  }

  /**
   * {@return BEiT's pre-training on images without labels}
   *
   * <p>Source: Bao et al. 2021 (arXiv 2106.08254), section 3.1 and appendix: AdamW at 1.5e-3,
   * weight decay 0.05, betas 0.9 and 0.999 (the published code's default is 0.98), batch 2048, 800
   * epochs, 10 of warm-up, cosine, gradients clipped to norm 3, drop-path 0.1, random resized
   * crops, flips, colour jitter 0.4. First and last rate are the published code's: 1e-6 and 1e-5.
   * "Three things everyone should know about ViTs" pre-trains for 300 epochs: {@link #withEpochs}.
   * A {@code PreTrainer} uses neither loss nor mixing of a recipe.
   *
   * <p>Result in the paper, ImageNet top-1 after fine-tuning at 224 pixels: B 83.2, L 85.2 %. In
   * "Three things", after 300 epochs and with another tokenizer: B 83.05 % with a linear stem,
   * 83.43 % with hMLP.
   *
   * <p>Cost: 1.0 billion images; for B at 17.6 billion multiply-accumulates an image 5.4e19, and
   * the tokenizer's forward passes beside it.
   */
  public static Recipe beitPretrain() {
    return new Recipe(
        "beit-pretrain",
        224,
        1,
        800,
        2048,
        new Optimization(
            OptimizerKind.ADAMW, 1.5e-3, 0.05, 0.9, 3, ScheduleKind.COSINE, 10, 1e-6, 1e-5),
        Augmentation.BASIC.withJitter(0.4),
        Mixup.NONE,
        LossKind.CROSS_ENTROPY,
        0.1,
        0);
  }

  /**
   * {@return fine-tuning of a pre-trained BEiT-B; it goes with a layer-wise decay of 0.65}
   *
   * <p>Source: the published command for the base model ({@code
   * beit/get_started_for_image_classification.md} in microsoft/unilm) and the paper's appendix:
   * AdamW at 4e-3, weight decay 0.05, batch 1024, 100 epochs, 20 of warm-up from 1e-6, cosine to
   * 1e-6, drop-path 0.1, RandAugment {@code rand-m9-mstd0.5-inc1}, erasing 0.25, mixup 0.8 and
   * CutMix 1 in turn, smoothing 0.1.
   *
   * <p>Cost: 128 million images; for B at 17.6 billion multiply-accumulates an image 6.8e18.
   */
  public static Recipe beitFineTune() {
    return new Recipe(
        "beit-finetune",
        224,
        EvalTransform.DEFAULT_CROP_RATIO,
        100,
        1024,
        new Optimization(
            OptimizerKind.ADAMW, 4e-3, 0.05, 0.9, 0, ScheduleKind.COSINE, 20, 1e-6, 1e-6),
        Augmentation.BASIC.withRandAugment(DEIT_POLICY).withErasing(0.25),
        new Mixup(0.8, 1, 0.1),
        LossKind.CROSS_ENTROPY,
        0.1,
        0);
  }

  /**
   * {@return the same with images of another size}
   *
   * @param imageSize side in pixels
   */
  public Recipe withImageSize(int imageSize) {
    return new Recipe(
        name,
        imageSize,
        cropRatio,
        epochs,
        batch,
        optimization,
        augmentation,
        mixup,
        loss,
        dropPath,
        emaDecay);
  }

  /**
   * {@return the same with another number of epochs}
   *
   * @param epochs at least 1
   */
  public Recipe withEpochs(int epochs) {
    return new Recipe(
        name,
        imageSize,
        cropRatio,
        epochs,
        batch,
        optimization,
        augmentation,
        mixup,
        loss,
        dropPath,
        emaDecay);
  }

  /**
   * {@return the same with another optimiser}
   *
   * @param optimization optimiser and learning rate
   */
  public Recipe withOptimization(Optimization optimization) {
    return new Recipe(
        name,
        imageSize,
        cropRatio,
        epochs,
        batch,
        optimization,
        augmentation,
        mixup,
        loss,
        dropPath,
        emaDecay);
  }

  /**
   * {@return the same with another augmentation}
   *
   * @param augmentation of the images
   */
  public Recipe withAugmentation(Augmentation augmentation) {
    return new Recipe(
        name,
        imageSize,
        cropRatio,
        epochs,
        batch,
        optimization,
        augmentation,
        mixup,
        loss,
        dropPath,
        emaDecay);
  }

  /**
   * {@return the same with other mixing}
   *
   * @param mixup mixing of images, and label smoothing
   */
  public Recipe withMixup(Mixup mixup) {
    return new Recipe(
        name,
        imageSize,
        cropRatio,
        epochs,
        batch,
        optimization,
        augmentation,
        mixup,
        loss,
        dropPath,
        emaDecay);
  }

  /**
   * {@return the same with another loss}
   *
   * @param loss what is minimised
   */
  public Recipe withLoss(LossKind loss) {
    return new Recipe(
        name,
        imageSize,
        cropRatio,
        epochs,
        batch,
        optimization,
        augmentation,
        mixup,
        loss,
        dropPath,
        emaDecay);
  }

  /**
   * {@return the same with another drop-path rate}
   *
   * @param dropPath 0 to below 1
   */
  public Recipe withDropPath(double dropPath) {
    return new Recipe(
        name,
        imageSize,
        cropRatio,
        epochs,
        batch,
        optimization,
        augmentation,
        mixup,
        loss,
        dropPath,
        emaDecay);
  }

  /**
   * {@return the same with another running mean of the weights}
   *
   * @param emaDecay 0 for none, below 1
   */
  public Recipe withEmaDecay(double emaDecay) {
    return new Recipe(
        name,
        imageSize,
        cropRatio,
        epochs,
        batch,
        optimization,
        augmentation,
        mixup,
        loss,
        dropPath,
        emaDecay);
  }

  /**
   * {@return the same with smaller or larger batches, and all rates changed in proportion (Goyal et
   * al. 2017), as DeiT does it}
   *
   * @param batch images that one step sees
   */
  public Recipe scaledToBatch(int batch) {
    Recipe scaled =
        new Recipe(
            name,
            imageSize,
            cropRatio,
            epochs,
            batch,
            optimization,
            augmentation,
            mixup,
            loss,
            dropPath,
            emaDecay);
    return scaled.withOptimization(optimization.scaled((double) batch / this.batch));
  }

  /**
   * {@return the evaluation's preprocessing: the model's own at this recipe's size and crop ratio}
   *
   * @param preprocessing the model's
   */
  public EvalTransform evaluation(EvalTransform preprocessing) {
    return preprocessing.withSize(imageSize, imageSize).withCropRatio(cropRatio);
  }

  /**
   * {@return how to load training images for this recipe: augmented, mixed, in random order; what
   * does not fill a batch is dropped, unless there would be none}
   *
   * @param data the training images
   * @param preprocessing the model's: interpolation, mean and standard deviation are used
   * @param seed every draw follows from it
   */
  public BatchLoaderSettings loader(ImageDataset data, EvalTransform preprocessing, long seed) {
    Sampler sampler =
        augmentation.repeats() > 1
            ? Sampler.repeated(data.size(), augmentation.repeats(), seed)
            : Sampler.shuffled(data.size(), seed);
    return BatchLoader.of(data, augmentation.transform(evaluation(preprocessing)))
        .batch(batch)
        .sampler(sampler)
        .mixup(mixup)
        .remainder(sampler.length() < batch ? Remainder.KEEP : Remainder.DROP)
        .epochs(epochs)
        .seed(seed);
  }
}
