package io.github.vit4j.examples.sweep;

import io.github.vit4j.examples.study.OutcomeFile;
import io.github.vit4j.finetune.scaling.ScalingPoint;
import io.github.vit4j.finetune.train.EpochMetrics;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a run came to, as its folder keeps it.
 *
 * @param settings that it followed from
 * @param parameters of the model
 * @param forwardMacs multiply-accumulates of the model for one image
 * @param imagesSeen in training
 * @param compute multiply-accumulates of the whole training: three times those forward
 * @param cpuSeconds that all threads together computed, evaluations included; of a run that was
 *     interrupted as many an epoch as after the last start, and 0 if nothing was left to do then
 * @param epochs the first one first
 */
record RunOutcome(
    RunSettings settings,
    long parameters,
    long forwardMacs,
    long imagesSeen,
    double compute,
    double cpuSeconds,
    List<EpochMetrics> epochs) {

  private static final String FILE = "outcome.json";

  /** The unit of compute in plans, tables and laws, whose numbers are handy. */
  static final double TERA = 1e12;

  /** {@return the outcome of a finished run} */
  static Optional<RunOutcome> read(Path folder) {
    return OutcomeFile.read(folder.resolve(FILE), RunOutcome.class);
  }

  void write(Path folder) {
    OutcomeFile.write(folder.resolve(FILE), this);
  }

  /** {@return metrics after the last epoch, which no choice among epochs has raised} */
  EpochMetrics last() {
    return epochs.get(epochs.size() - 1);
  }

  /**
   * {@return share of wrong answers; at least half an image and at most all but half of one, since
   * a law has the error's logarithm}
   */
  double error() {
    double half = 0.5 / settings.testImages();
    return Math.min(1 - half, Math.max(half, 1 - last().top1() / 100));
  }

  /** {@return compute in 10^12 multiply-accumulates} */
  double teraMacs() {
    return compute / TERA;
  }

  /** {@return the run as a law sees it, its compute in 10^12 multiply-accumulates} */
  ScalingPoint point() {
    return new ScalingPoint(teraMacs(), error(), settings.run());
  }
}
