package io.github.vit4j.finetune.train;

/**
 * Hears how a run goes, in the thread that trains. Every method does nothing unless it is
 * overridden. A listener that throws ends the run, after a checkpoint.
 */
public interface TrainListener {

  /** Hears nothing. */
  TrainListener NONE = new TrainListener() {};

  /**
   * Training begins, or goes on.
   *
   * @param plan what there is to do
   */
  default void began(RunPlan plan) {}

  /**
   * The optimiser has taken a step.
   *
   * @param metrics of the epoch so far
   */
  default void step(StepMetrics metrics) {}

  /**
   * A batch was evaluated.
   *
   * @param done images of this evaluation so far
   * @param total images of this evaluation
   */
  default void evaluated(int done, int total) {}

  /**
   * An epoch is over and was evaluated.
   *
   * @param metrics of the epoch
   * @param best whether it is the best so far
   */
  default void epoch(EpochMetrics metrics, boolean best) {}

  /**
   * Something that the user should know: a new head, a skipped step, a checkpoint that could not be
   * written.
   *
   * @param text a sentence
   */
  default void note(String text) {}

  /** The run has ended, for whatever reason. */
  default void ended() {}

  /**
   * {@return both listeners, one after the other}
   *
   * @param next hears everything second
   */
  default TrainListener and(TrainListener next) {
    return new BothListeners(this, next);
  }
}
