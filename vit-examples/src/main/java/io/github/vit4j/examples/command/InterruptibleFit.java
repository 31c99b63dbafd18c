package io.github.vit4j.examples.command;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.train.ConsoleBar;
import io.github.vit4j.finetune.train.FineTuneResult;
import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.finetune.train.TrainListener;
import picocli.CommandLine;

/** Training that Ctrl-C ends with a checkpoint. */
public final class InterruptibleFit {

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
    return Checkpointed.run(tuner::fit);
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
}
