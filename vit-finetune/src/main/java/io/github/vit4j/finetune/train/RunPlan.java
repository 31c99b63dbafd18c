package io.github.vit4j.finetune.train;

import java.nio.file.Path;

/**
 * What a run has to do.
 *
 * @param folder where it leaves everything
 * @param epochs in all; {@link Integer#MAX_VALUE} where no end was set
 * @param stepsPerEpoch steps of the optimiser
 * @param stepsDone steps that were taken before; 0 unless the run goes on
 * @param trainImages images to learn from
 * @param validationImages images to measure on; 0 in pre-training
 * @param trained parameters that move
 * @param parameters parameters in all
 */
public record RunPlan(
    Path folder,
    int epochs,
    int stepsPerEpoch,
    long stepsDone,
    int trainImages,
    int validationImages,
    long trained,
    long parameters) {

  /** {@return whether the run goes on until somebody ends it} */
  public boolean isEndless() {
    return epochs == Integer.MAX_VALUE;
  }

  /** {@return steps of the whole run} */
  public long steps() {
    return (long) epochs * stepsPerEpoch;
  }
}
