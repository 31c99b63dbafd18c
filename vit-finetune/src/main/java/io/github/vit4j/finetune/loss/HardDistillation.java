package io.github.vit4j.finetune.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;

/**
 * The teacher's decision as a second label: cross-entropy with its most likely class.
 *
 * @param base the loss for the labels
 * @param alpha share of the teacher; 0.5 in DeiT
 */
public record HardDistillation(ClassificationLoss base, double alpha) implements Distillation {

  /** Checks the share. */
  public HardDistillation {
    Targets.requireShare("alpha", alpha);
  }

  @Override
  public NDArray between(NDList outputs, NDArray targets, NDArray teacher) {
    Heads heads = Heads.of(outputs, teacher);
    try (NDArray decided = teacher.argMax(1)) {
      return Heads.mixed(
          base.between(heads.labelled(), targets),
          CrossEntropy.of(heads.distilled(), decided),
          alpha);
    }
  }
}
