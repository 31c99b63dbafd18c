package io.github.vit4j.examples.study;

import io.github.vit4j.finetune.train.EpochMetrics;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a trial came to, as its folder keeps it.
 *
 * @param variant what is compared
 * @param seed of the trial
 * @param parameters of the model
 * @param trained how many of them moved
 * @param epochs the first one first
 * @param bestTop1 accuracy of the best epoch in percent
 * @param cpuSecondsPerEpoch time that all threads together computed, which other work on the
 *     machine hardly changes; 0 if the process ended between its last checkpoint and this record
 * @param peakBytes the most memory that the process held; 0 then, and where the system does not
 *     tell
 * @param taskBytes size of the task file
 * @param modelBytes size of the whole model's file
 */
record Outcome(
    String variant,
    long seed,
    long parameters,
    long trained,
    List<EpochMetrics> epochs,
    double bestTop1,
    double cpuSecondsPerEpoch,
    long peakBytes,
    long taskBytes,
    long modelBytes) {

  private static final String FILE = "outcome.json";

  /** {@return accuracy after the last epoch in percent, which no choice among epochs has raised} */
  double top1() {
    return epochs.get(epochs.size() - 1).top1();
  }

  void write(Path folder) {
    OutcomeFile.write(folder.resolve(FILE), this);
  }

  /** {@return the outcome of a finished trial} */
  static Optional<Outcome> read(Path folder) {
    return OutcomeFile.read(folder.resolve(FILE), Outcome.class);
  }
}
