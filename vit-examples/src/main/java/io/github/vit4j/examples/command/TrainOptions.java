package io.github.vit4j.examples.command;

import io.github.vit4j.finetune.train.TrainChoices;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The choices of any training, whatever it minimises. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public class TrainOptions {

  @Option(
      names = "--out",
      paramLabel = "RUN",
      required = true,
      description = "The run's folder: new, or that of a run to go on with.")
  Path out;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training images.")
  @Nullable Integer epochs;

  @Option(
      names = {"-b", "--batch"},
      paramLabel = "N",
      description = "Images a step; the recipe's rates change in proportion.")
  @Nullable Integer batch;

  @Option(
      names = "--micro-batch",
      paramLabel = "N",
      description =
          "Images in memory at once; gradients add up. Default: the whole batch, or 64 of a larger"
              + " one of a published data set's recipe.")
  @Nullable Integer microBatch;

  @Option(
      names = "--recompute",
      description =
          "Save memory at the cost of time: keep each block's input only, and compute the block"
              + " again in the backward pass.")
  boolean recompute;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      description = {
        "What products inside blocks are computed with, " + PrecisionOption.WORDS + ".",
        "Default: float32."
      })
  @Nullable String precision;

  @Option(names = "--rate", paramLabel = "R", description = "The highest learning rate.")
  @Nullable Double rate;

  @Option(names = "--seed", paramLabel = "N", description = "Every draw follows from it.")
  long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that prepare images. Default: one a processor.")
  @Nullable Integer threads;

  @Option(names = "--skip-broken", description = "Leave images out that cannot be read.")
  boolean skipBroken;

  /** For picocli. */
  public TrainOptions() {}

  /** {@return the number that every draw follows from} */
  public long seed() {
    return seed;
  }

  /** {@return whether {@code --micro-batch} was given} */
  public boolean hasMicroBatch() {
    return microBatch != null;
  }

  /**
   * Makes these choices; a recipe must have been chosen before.
   *
   * @param <T> the kind of training
   * @param choices to make them for
   * @return the same
   * @throws io.github.vit4j.error.BadInputException if one is impossible
   */
  public <T extends TrainChoices<T>> T applyTo(T choices) {
    choices.seed(seed).skipUnreadable(skipBroken).onto(out);
    if (epochs != null) {
      choices.epochs(epochs);
    }
    if (batch != null) {
      choices.batch(batch);
    }
    if (microBatch != null) {
      choices.microBatch(microBatch);
    }
    if (recompute) {
      choices.recompute();
    }
    if (precision != null) {
      choices.precision(PrecisionOption.parse(precision));
    }
    if (rate != null) {
      choices.rate(rate);
    }
    if (threads != null) {
      choices.workers(threads);
    }
    return choices;
  }
}
