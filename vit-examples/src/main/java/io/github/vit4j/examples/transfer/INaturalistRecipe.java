package io.github.vit4j.examples.transfer;

import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.recipe.OptimizerKind;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.recipe.ScheduleKind;

/**
 * How the paper's first author fine-tunes on iNaturalist.
 *
 * <p>Source: issue 105 of facebookresearch/deit, for a ViT-B: AdamW at 7.5e-5 for batches of 768,
 * weight decay 0.05, 360 epochs, drop-path 0.1, erasing 0.1, all else as in {@link
 * Recipe#deitTransfer}.
 */
final class INaturalistRecipe {

  private INaturalistRecipe() {}

  static Recipe published() {
    Recipe common = Recipe.deitTransfer();
    return new Recipe(
        "deit-inaturalist",
        common.imageSize(),
        common.cropRatio(),
        360,
        common.batch(),
        new Optimization(
            OptimizerKind.ADAMW, 7.5e-5, 0.05, 0.9, 0, ScheduleKind.COSINE, 5, 1e-6, 1e-5),
        common.augmentation().withErasing(0.1),
        common.mixup(),
        common.loss(),
        0.1,
        common.emaDecay());
  }
}
