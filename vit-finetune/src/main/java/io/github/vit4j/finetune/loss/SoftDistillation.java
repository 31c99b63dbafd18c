package io.github.vit4j.finetune.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.vit4j.compute.Scalars;
import io.github.vit4j.error.BadInputException;

/**
 * The teacher's whole distribution at a temperature: {@code tau^2 KL(softmax(teacher / tau) ||
 * softmax(student / tau))}, averaged over the batch (Hinton et al. 2015; equation 2 of DeiT).
 * DeiT's code divides by the number of classes besides.
 *
 * @param base the loss for the labels
 * @param alpha share of the teacher; 0.1 in DeiT
 * @param tau temperature; 3 in DeiT
 */
public record SoftDistillation(ClassificationLoss base, double alpha, double tau)
    implements Distillation {

  /** Checks the numbers. */
  public SoftDistillation {
    Targets.requireShare("alpha", alpha);
    if (!(tau > 0 && tau < Double.POSITIVE_INFINITY)) {
      throw new BadInputException("the temperature is %s; give a positive number".formatted(tau));
    }
  }

  @Override
  public NDArray between(NDList outputs, NDArray targets, NDArray teacher) {
    Heads heads = Heads.of(outputs, teacher);
    NDArray aim = teacher.stopGradient();
    aim.attach(heads.distilled().getManager());
    NDArray aimLog = Scalars.times(aim, 1 / tau).logSoftmax(-1); // (B, classes)
    NDArray log = Scalars.times(heads.distilled(), 1 / tau).logSoftmax(-1);
    NDArray divergence = aimLog.exp().mul(aimLog.sub(log)).sum(new int[] {1}).mean();
    return Heads.mixed(
        base.between(heads.labelled(), targets), Scalars.times(divergence, tau * tau), alpha);
  }
}
