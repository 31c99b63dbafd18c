package io.github.vit4j.examples.command;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.recipe.OptimizerKind;
import io.github.vit4j.finetune.train.TrainChoices;
import java.nio.file.Path;
import java.util.List;
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

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "adamw, lamb, sgd or adafactor. Default: the recipe's.")
  @Nullable OptimizerKind optimizer;

  @Option(
      names = "--bf16-momentum",
      description = "Keep the optimiser's momentum in bfloat16, at half its memory.")
  boolean bf16Momentum;

  @Option(
      names = "--weight-decay",
      paramLabel = "D",
      split = ",",
      arity = "1",
      description = "Weight decay, or two: of the body and of the head, such as 0.03,3.")
  @Nullable List<Double> weightDecay;

  @Option(
      names = "--infinite",
      description = {
        "Let the rate fall with the inverse square root of the steps, which needs no number of"
            + " epochs: train until --epochs or an interrupt, and go on with more at any time."
      })
  boolean infinite;

  @Option(
      names = "--keep-every",
      paramLabel = "N",
      description = "Keep the checkpoint of every N-th epoch, to cool down from.")
  @Nullable Integer keepEvery;

  @Option(
      names = "--cool-down-from",
      paramLabel = "PATH",
      description = {
        "Begin at a checkpoint of another run (its folder: the newest one; or the file), and bring"
            + " the rate down to 0. All other options must be that run's."
      })
  @Nullable Path coolDownFrom;

  @Option(names = "--cool-down-epochs", paramLabel = "N", description = "How long that takes.")
  @Nullable Integer coolDownEpochs;

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
    optimize(choices);
    endlessly(choices);
    return choices;
  }

  private <T extends TrainChoices<T>> void optimize(T choices) {
    if (optimizer != null) {
      choices.optimizer(optimizer);
    }
    if (bf16Momentum) {
      choices.bfloat16Momentum();
    }
    if (weightDecay != null) {
      if (weightDecay.size() > 2) {
        throw new BadInputException(
            "--weight-decay takes one number or two, as in 0.03,3, but got " + weightDecay.size());
      }
      choices.weightDecay(weightDecay.get(0), weightDecay.get(weightDecay.size() - 1));
    }
  }

  private <T extends TrainChoices<T>> void endlessly(T choices) {
    if (infinite) {
      choices.infinite();
    }
    if (keepEvery != null) {
      choices.keepEvery(keepEvery);
    }
    if ((coolDownFrom == null) != (coolDownEpochs == null)) {
      throw new BadInputException(
          "--cool-down-from and --cool-down-epochs belong together; give both");
    }
    if (coolDownFrom != null && coolDownEpochs != null) {
      choices.coolDown(coolDownFrom, coolDownEpochs);
    }
  }
}
