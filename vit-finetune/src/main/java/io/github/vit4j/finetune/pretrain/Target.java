package io.github.vit4j.finetune.pretrain;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.train.Objective;
import java.util.Optional;

/**
 * What a model is to tell about a hidden patch. It sees the whole images; no gradient goes through
 * it.
 */
public interface Target {

  /**
   * {@return how many numbers the head gives for a patch}
   *
   * @param patchSize side of a patch in pixels
   */
  int outputs(int patchSize);

  /**
   * Refuses images that it cannot be asked about.
   *
   * @param view how the model sees images
   * @throws BadInputException if the target's patches are not the model's
   */
  void requireFit(PatchView view);

  /**
   * {@return what is right for hidden patches: tokens (M) of type INT64, or values (M, outputs); in
   * the engine's own memory, owned by the images' manager}
   *
   * @param images of a batch
   * @param hidden indices of their patches, image by image and row by row
   */
  NDArray aims(PatchImages images, long... hidden);

  /**
   * {@return the loss, of shape (), a mean over the hidden patches}
   *
   * @param predicted (M, outputs)
   * @param aims as {@link #aims} gives them
   */
  NDArray loss(NDArray predicted, NDArray aims);

  /**
   * {@return how many patches were right}
   *
   * @param predicted (M, outputs)
   * @param aims as {@link #aims} gives them
   */
  default Objective.Score score(NDArray predicted, NDArray aims) {
    return new Objective.Score(0, 0);
  }

  /**
   * {@return what the predictions look like: colours from 0 to 1, (M, 3 * patch * patch), channel
   * by channel; empty if the target cannot tell}
   *
   * @param images that were looked at
   * @param hidden as for {@link #aims}
   * @param predicted (M, outputs)
   */
  default Optional<NDArray> paint(PatchImages images, long[] hidden, NDArray predicted) {
    return Optional.empty();
  }

  /**
   * {@return what tells two targets apart when a run goes on: kind, sizes, a checksum of values}
   */
  String identity();
}
