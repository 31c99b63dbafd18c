package io.github.vit4j.finetune.pretrain;

import io.github.vit4j.compute.Routes;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.Mixup;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.train.ModelValues;
import io.github.vit4j.finetune.train.TrainChoices;
import io.github.vit4j.finetune.train.TrainPlan;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Pre-trains a model on images without labels: patches are hidden, and the model learns to tell
 * what they held (BEiT, Bao et al. 2021). The result is a model to fine-tune.
 *
 * <pre>{@code
 * try (PreTrainResult run =
 *     PreTrainer.of(model)
 *         .data(FoundImages.below(Path.of("photos")))
 *         .masking(BlockwiseMasking.BEIT)
 *         .target(new CodebookTarget(Codebook.open(Path.of("codebook.safetensors"))))
 *         .epochs(100)
 *         .onto(Path.of("runs/pretrained"))
 *         .fit()) {
 *   run.save(Path.of("pretrained.safetensors"));
 * }
 * }</pre>
 *
 * <p>The given model stays as it is; a copy is trained, on the same device and at its own image
 * size. An architecture to begin with is {@code ViT.builder().small().hmlpStem().beit()}: with the
 * hMLP stem, masking after the stem is masking before it, patch by patch; with an overlapping stem
 * what is hidden leaks out (see {@link io.github.vit4j.model.MaskedImageModel}).
 *
 * <p>Seeds, resuming, checkpoints and reports are those of a {@link
 * io.github.vit4j.finetune.train.FineTuner}. The folder holds {@code pretrained.safetensors}, which
 * is ready for fine-tuning ({@link BeitConversion}), {@code last.safetensors}, the encoder as it
 * was trained, {@code pictures} of what it predicts, and the files of every run. The loss is a mean
 * over the hidden patches of a portion.
 */
public final class PreTrainer extends TrainChoices<PreTrainer> {

  private static final int DEFAULT_EPOCHS = 100;
  private static final int DEFAULT_BATCH = 64;
  private static final double DEFAULT_RATE = 5e-4;

  final ViTModel model;
  @Nullable ImageDataset images;
  @Nullable Masking masking;
  Target target = PixelTarget.MAE;
  int pictures = 10;

  private PreTrainer(ViTModel model) {
    this.model = model;
  }

  /**
   * {@return choices for pre-training a model; {@link #data} and {@link #onto} must be made, all
   * others have defaults}
   *
   * @param model where training starts, usually with drawn values; it must stay open until {@link
   *     #fit} returns
   */
  public static PreTrainer of(ViTModel model) {
    return new PreTrainer(model);
  }

  /**
   * Chooses the images.
   *
   * @param images to learn from; labels are not looked at
   * @return this
   */
  public PreTrainer data(ImageDataset images) {
    this.images = new Unlabelled(images);
    return this;
  }

  /**
   * Chooses what is hidden.
   *
   * @param masking default {@link BlockwiseMasking#BEIT}, with smaller blocks where the grid has
   *     fewer than BEiT's 196 patches
   * @return this
   */
  public PreTrainer masking(Masking masking) {
    this.masking = masking;
    return this;
  }

  /**
   * Chooses what is learned about hidden patches.
   *
   * @param target default {@link PixelTarget#MAE}, which needs nothing; it must stay open until
   *     {@link #fit} returns
   * @return this
   */
  public PreTrainer target(Target target) {
    this.target = target;
    return this;
  }

  /**
   * Chooses how often a picture of originals, what the model sees and what it predicts is drawn;
   * there is one after the last epoch as well. Targets that cannot show their tokens have none.
   *
   * @param everyEpochs default 10; 0 for never
   * @return this
   */
  public PreTrainer pictures(int everyEpochs) {
    require(everyEpochs >= 0, "pictures every %d epochs are not possible", everyEpochs);
    pictures = everyEpochs;
    return this;
  }

  /**
   * Chooses the way to train.
   *
   * <p>By default {@link Recipe#beitPretrain()} for 100 epochs in batches of 64 at the published
   * code's default rate, 5e-4.
   *
   * @param recipe its image size, loss and mixing are not used
   * @return this
   */
  @Override
  public PreTrainer recipe(Recipe recipe) {
    return super.recipe(recipe);
  }

  private Recipe defaults() {
    Recipe beit = Recipe.beitPretrain();
    Optimization optimization = beit.optimization().withRate(DEFAULT_RATE);
    return beit.scaledToBatch(DEFAULT_BATCH)
        .withOptimization(optimization)
        .withEpochs(DEFAULT_EPOCHS);
  }

  /**
   * Trains, or goes on training, in the calling thread. A run that is over is not repeated.
   *
   * <p>An interrupt of the thread ends the run with a checkpoint.
   *
   * @return the result, which the caller closes
   * @throws BadInputException if choices, model and images do not fit together, and for the reasons
   *     that {@link io.github.vit4j.finetune.train.FineTuner#fit} has. What was done stays in the
   *     folder
   * @throws java.util.concurrent.CancellationException after an interrupt
   */
  public PreTrainResult fit() {
    ImageDataset given = images;
    if (given == null) {
      throw new BadInputException("there are no images; give some with data(...)");
    }
    Path folder = folder();
    ModelValues.requireTrainable(model.network());
    ViTConfig config = model.network().config();
    if (config.imageHeight() != config.imageWidth()) {
      throw new BadInputException(
          "the model takes images of %d x %d pixels, and training is with square ones; build it for %d x %d"
              .formatted(
                  config.imageHeight(),
                  config.imageWidth(),
                  config.imageHeight(),
                  config.imageHeight()));
    }
    Recipe recipe =
        chosen(this::defaults).withImageSize(config.imageHeight()).withMixup(Mixup.NONE);
    EvalTransform preprocessing = recipe.evaluation(model.preprocessing());
    try {
      TrainPlan plan = plan(recipe, given, preprocessing, 1, 0);
      return new PreTrainRun(this, plan).fit(folder, listener());
    } finally {
      listener().ended();
    }
  }

  Routes routesOf(VisionTransformer base) {
    return routes(base.routes());
  }

  @Override
  protected PreTrainer self() {
    return this;
  }
}
