package io.github.vit4j.examples.sweep;

import java.util.List;

/** Who trains the runs of a sweep. */
interface Runs {

  /** Hears of the end of runs, in the thread that asked for them. */
  @FunctionalInterface
  interface Done {

    /**
     * A run has ended.
     *
     * @param task the run
     * @param failure why it is not finished; empty if it is
     */
    void with(RunTask task, String failure);
  }

  /**
   * Trains runs. One that fails does not keep the others from being trained.
   *
   * @param tasks the runs
   * @param done hears of each
   */
  void train(List<RunTask> tasks, Done done);
}
