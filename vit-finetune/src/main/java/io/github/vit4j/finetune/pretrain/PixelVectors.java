package io.github.vit4j.finetune.pretrain;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.error.BadInputException;

/**
 * The colours of a patch from 0 to 1, channel by channel.
 *
 * @param patchSize side in pixels, at least 1
 */
public record PixelVectors(int patchSize) implements PatchVectors {

  private static final int LARGEST = 256;

  /** Checks the size. */
  public PixelVectors {
    if (patchSize < 1 || patchSize > LARGEST) {
      throw new BadInputException(
          "patches of %d pixels are not possible; give 1 to %d".formatted(patchSize, LARGEST));
    }
  }

  @Override
  public int width() {
    return 3 * patchSize * patchSize;
  }

  @Override
  public NDArray of(PatchImages images) {
    return images.patches(images.colours());
  }

  @Override
  public String identity() {
    return "pixels of patches of " + patchSize;
  }
}
