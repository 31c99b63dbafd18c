package io.github.vit4j.finetune.loss;

import ai.djl.ndarray.NDArray;

/** A loss between logits and what they should be. */
@FunctionalInterface
public interface ClassificationLoss {

  /**
   * {@return the mean loss of a batch, of shape (), owned by the manager of the logits}
   *
   * @param logits (B, classes)
   * @param targets integer labels (B), or soft targets (B, classes) in floating point, as mixup
   *     makes them
   * @throws io.github.vit4j.error.BadInputException if the targets do not fit the logits, or a
   *     label is no class
   */
  NDArray between(NDArray logits, NDArray targets);
}
