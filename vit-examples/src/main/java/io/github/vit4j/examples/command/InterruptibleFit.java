package io.github.vit4j.examples.command;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.train.ConsoleBar;
import io.github.vit4j.finetune.train.FineTuneResult;
import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.finetune.train.TrainListener;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** Training that Ctrl-C ends with a checkpoint. */
public final class InterruptibleFit {

  private static final int PATIENCE_SECONDS = 60;

  private InterruptibleFit() {}

  /**
   * Trains, and shows how it goes.
   *
   * @param tuner with all choices made but the listener
   * @param command whose standard error the notes go to
   * @return the result, which the caller closes
   * @throws BadInputException as {@link FineTuner#fit()}, or after Ctrl-C
   */
  public static FineTuneResult of(FineTuner tuner, CommandLine command) {
    tuner.listener(listener(command));
    Thread training = Thread.currentThread();
    CountDownLatch over = new CountDownLatch(1);
    Thread hook = new Thread(() -> end(training, over), "vit-checkpoint");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return tuner.fit();
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

  private static TrainListener listener(CommandLine command) {
    if (ProgressLine.onTerminal()) {
      return new ConsoleBar(System.err);
    }
    return new TrainListener() {
      @Override
      public void note(String text) {
        Failures.say(command, text);
      }
    };
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
