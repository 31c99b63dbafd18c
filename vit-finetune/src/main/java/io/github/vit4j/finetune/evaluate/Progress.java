package io.github.vit4j.finetune.evaluate;

/** Hears how far a run over many images has come. */
@FunctionalInterface
public interface Progress {

  /** Hears nothing. */
  Progress NONE = (done, total) -> {};

  /**
   * Called after every batch, in the thread that started the run.
   *
   * @param done images so far, broken ones included
   * @param total images of the run
   */
  void at(int done, int total);
}
