package io.github.vit4j.finetune.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * Learning from a teacher's logits beside the labels (Touvron et al. 2021, DeiT): {@code (1 -
 * alpha) base + alpha distillation}. The class token's logits answer the labels, the distillation
 * token's the teacher; a model with one output answers both.
 */
@FunctionalInterface
public interface Distillation {

  /**
   * {@return the mean loss of a batch, of shape (), owned by the manager of the outputs}
   *
   * @param outputs the student's outputs in training, one or two of (B, classes)
   * @param targets integer labels (B), or soft targets (B, classes)
   * @param teacher the teacher's logits (B, classes), through which no gradient flows
   * @throws io.github.vit4j.error.BadInputException if shapes do not fit
   */
  NDArray between(NDList outputs, NDArray targets, NDArray teacher);
}
