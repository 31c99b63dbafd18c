package io.github.vit4j.finetune.pretrain;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.image.EvalTransform;

/**
 * How a model sees images.
 *
 * @param rows of the patch grid
 * @param columns of the patch grid
 * @param patchSize side of a patch in pixels
 * @param preprocessing size and normalisation
 */
public record PatchView(int rows, int columns, int patchSize, EvalTransform preprocessing) {

  /**
   * {@return the view of a model}
   *
   * @param config its architecture, at the size that it runs at
   * @param preprocessing its own
   */
  public static PatchView of(ViTConfig config, EvalTransform preprocessing) {
    return new PatchView(
        config.gridHeight(), config.gridWidth(), config.patchSize(), preprocessing);
  }

  /** {@return how many patches an image has} */
  public int patches() {
    return rows * columns;
  }

  /** {@return how many numbers the pixels of a patch are} */
  public int values() {
    return 3 * patchSize * patchSize;
  }
}
