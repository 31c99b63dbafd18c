package io.github.vit4j.examples.command;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.train.ConsoleBar;
import io.github.vit4j.finetune.train.TrainChoices;
import io.github.vit4j.finetune.train.TrainListener;
import java.util.function.Supplier;
import picocli.CommandLine;

/** Training that Ctrl-C ends with a checkpoint. */
public final class InterruptibleFit {

  private InterruptibleFit() {}

  /**
   * Trains, and shows how it goes.
   *
   * @param <R> what the training results in
   * @param choices all made but the listener
   * @param fit trains by them
   * @param command whose standard error the notes go to
   * @return the result, which the caller closes
   * @throws BadInputException as {@code fit}, or after Ctrl-C
   */
  public static <R> R of(TrainChoices<?> choices, Supplier<R> fit, CommandLine command) {
    choices.listener(listener(command));
    return Checkpointed.run(fit);
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
