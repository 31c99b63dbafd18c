package io.github.vit4j.finetune.loss;

import ai.djl.ndarray.NDArray;

/**
 * Softmax cross-entropy, {@code -sum_c t_c log softmax(x)_c}, averaged over the batch.
 *
 * @param smoothing share of an integer label that is spread over all classes alike (Szegedy et al.
 *     2015); soft targets are taken as they are, since mixup smooths its own
 */
public record CrossEntropy(double smoothing) implements ClassificationLoss {

  /** Checks the share. */
  public CrossEntropy {
    Targets.requireShare("label smoothing", smoothing);
  }

  /**
   * {@return the loss without smoothing, of shape ()}
   *
   * @param logits (B, classes)
   * @param targets integer labels (B), or soft targets (B, classes)
   * @throws io.github.vit4j.error.BadInputException if the targets do not fit the logits
   */
  public static NDArray of(NDArray logits, NDArray targets) {
    return new CrossEntropy(0).between(logits, targets);
  }

  @Override
  public NDArray between(NDArray logits, NDArray targets) {
    NDArray soft = Targets.soft(logits, targets, smoothing);
    return logits.logSoftmax(-1).mul(soft).sum(new int[] {1}).mean().neg();
  }
}
