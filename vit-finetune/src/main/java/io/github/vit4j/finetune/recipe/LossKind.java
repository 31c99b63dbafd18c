package io.github.vit4j.finetune.recipe;

/** What is minimised. */
public enum LossKind {
  /** Cross-entropy of the softmax with soft targets. */
  CROSS_ENTROPY,
  /**
   * Binary cross-entropy of each class on its own, the mean over the classes. Targets above 0 count
   * as 1: a mixed image shows both of its classes fully, as in "ResNet strikes back" and in DeiT's
   * {@code --bce-loss}.
   */
  BINARY_CROSS_ENTROPY
}
