package io.github.vit4j.examples.command;

import io.github.vit4j.error.BadInputException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Lets Ctrl-C end a training run with a checkpoint. */
public final class Checkpointed {

  private static final int PATIENCE_SECONDS = 60;

  private Checkpointed() {}

  /**
   * Trains in this thread, which is interrupted when the program is to end.
   *
   * @param <R> what it results in
   * @param training ends with a checkpoint when it is interrupted
   * @return its result
   * @throws BadInputException if it was interrupted
   */
  public static <R> R run(Supplier<R> training) {
    Thread trainer = Thread.currentThread();
    CountDownLatch over = new CountDownLatch(1);
    Thread hook = new Thread(() -> end(trainer, over), "vit-checkpoint");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return training.get();
    } catch (CancellationException e) {
      throw new BadInputException(String.valueOf(e.getMessage()), e);
    } finally {
      over.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        Thread.interrupted(); // the program is ending, and the interrupt has done its work
      }
    }
  }

  private static void end(Thread training, CountDownLatch over) {
    training.interrupt();
    try {
      if (!over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("vit: no time left for a checkpoint; the run goes on from the last one");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
