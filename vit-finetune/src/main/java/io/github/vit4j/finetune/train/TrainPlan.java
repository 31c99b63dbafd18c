package io.github.vit4j.finetune.train;

import io.github.vit4j.finetune.augment.Augmentation;
import io.github.vit4j.finetune.data.BatchLoader;
import io.github.vit4j.finetune.data.BatchLoaderSettings;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.data.Remainder;
import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.recipe.ScheduleKind;
import io.github.vit4j.finetune.schedule.Constant;
import io.github.vit4j.finetune.schedule.Cosine;
import io.github.vit4j.finetune.schedule.InverseSquareRoot;
import io.github.vit4j.finetune.schedule.Schedule;
import io.github.vit4j.finetune.schedule.WarmUp;
import io.github.vit4j.image.EvalTransform;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a run drives its model, all choices made.
 *
 * @param recipe epochs, batch, optimiser, augmentation
 * @param images to learn from
 * @param preprocessing of the images, at the size that is trained with
 * @param microBatch images that are in memory at once
 * @param layerDecay of the learning rate towards the stem; 1 for none
 * @param seed every draw follows from it
 * @param patience epochs without a better one after which the run ends; 0 for no such end
 * @param skipUnreadable whether images that cannot be read are left out
 * @param recompute whether blocks are computed again in the backward pass instead of kept
 * @param workers threads that prepare images; 0 for one a processor
 * @param checkpointEvery time between checkpoints within an epoch
 * @param checkpointSteps steps between checkpoints; 0 for no such
 * @param keepEvery epochs between checkpoints that stay; 0 for none
 * @param coolDown where a cooldown begins; null for a run of its own
 */
public record TrainPlan(
    Recipe recipe,
    ImageDataset images,
    EvalTransform preprocessing,
    int microBatch,
    double layerDecay,
    long seed,
    int patience,
    boolean skipUnreadable,
    boolean recompute,
    int workers,
    Duration checkpointEvery,
    int checkpointSteps,
    int keepEvery,
    @Nullable CoolDownFrom coolDown) {

  /** The training images, in the portions that are in memory at once. */
  BatchLoaderSettings loader() {
    BatchLoaderSettings settings = recipe.loader(images, preprocessing, seed);
    boolean small = settings.sampler().length() < microBatch;
    return common(settings).batch(microBatch).remainder(small ? Remainder.KEEP : Remainder.DROP);
  }

  BatchLoaderSettings validationLoader(ImageDataset validation) {
    return common(
            BatchLoader.of(validation, Augmentation.NONE.transform(preprocessing))
                .batch(microBatch)
                .seed(seed))
        .remainder(Remainder.KEEP);
  }

  private BatchLoaderSettings common(BatchLoaderSettings settings) {
    BatchLoaderSettings chosen = settings.skipUnreadable(skipUnreadable);
    return workers == 0 ? chosen : chosen.threads(workers);
  }

  /** How many portions there are in an epoch. */
  int portions() {
    return Math.max(1, loader().sampler().length() / microBatch);
  }

  /** How many portions make a step; fewer than wanted if an epoch has no more. */
  int portionsPerStep() {
    return Math.min(portions(), Math.max(1, recipe.batch() / microBatch));
  }

  int stepsPerEpoch() {
    return portions() / portionsPerStep();
  }

  long steps() {
    return (long) recipe.epochs() * stepsPerEpoch();
  }

  /**
   * How many steps the warm-up takes; at most half of the run, unless that may be prolonged at
   * will.
   */
  long warmUpSteps() {
    return recipe.optimization().schedule() == ScheduleKind.INVERSE_SQUARE_ROOT
        ? wantedWarmUpSteps()
        : Math.min(wantedWarmUpSteps(), steps() / 2);
  }

  long wantedWarmUpSteps() {
    return Math.round(recipe.optimization().warmupEpochs() * stepsPerEpoch());
  }

  Schedule schedule() {
    Optimization chosen = recipe.optimization();
    WarmUp warmUp = new WarmUp(warmUpSteps(), chosen.warmupRate());
    Schedule rates =
        switch (chosen.schedule()) {
          case CONSTANT -> new Constant(chosen.rate(), warmUp);
          case COSINE -> new Cosine(chosen.rate(), chosen.finalRate(), warmUp, steps());
          case INVERSE_SQUARE_ROOT -> new InverseSquareRoot(chosen.rate(), warmUp, timeScale());
        };
    long cooldown = Math.min(Math.round(chosen.cooldownEpochs() * stepsPerEpoch()), steps());
    return cooldown == 0 ? rates : rates.coolDown(cooldown, steps());
  }

  private double timeScale() {
    double epochs = recipe.optimization().timeScaleEpochs();
    double wanted = epochs > 0 ? epochs * stepsPerEpoch() : wantedWarmUpSteps();
    return wanted > 0 ? Math.max(1, wanted) : stepsPerEpoch();
  }

  TrainPlan withEpochs(int epochs) {
    return withRecipe(recipe.withEpochs(epochs));
  }

  TrainPlan withRecipe(Recipe other) {
    return new TrainPlan(
        other,
        images,
        preprocessing,
        microBatch,
        layerDecay,
        seed,
        patience,
        skipUnreadable,
        recompute,
        workers,
        checkpointEvery,
        checkpointSteps,
        keepEvery,
        coolDown);
  }
}
