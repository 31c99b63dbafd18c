package io.github.vit4j.finetune.train;

import io.github.vit4j.compute.Precision;
import io.github.vit4j.compute.Routes;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.recipe.OptimizerKind;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.image.EvalTransform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The choices that every kind of training leaves to its user.
 *
 * @param <T> the kind of training, which its verbs give back
 */
public abstract class TrainChoices<T extends TrainChoices<T>> {

  private @Nullable Recipe recipe;
  private @Nullable Path folder;
  private TrainListener listener = ConsoleBar.ifTerminal();
  private Duration checkpointEvery = Duration.ofMinutes(10);
  private int checkpointSteps;
  private int epochs;
  private int batch;
  private int microBatch;
  private int workers;
  private double rate;
  private long seed;
  private boolean skipUnreadable;
  private boolean infinite;
  private int keepEvery;
  private @Nullable CoolDownFrom coolDown;
  private @Nullable OptimizerKind optimizer;
  private boolean bfloat16Momentum;
  private double bodyDecay = -1;
  private double headDecay = -1;
  private boolean recompute;
  private @Nullable Precision precision;

  /** Begins with the defaults. */
  protected TrainChoices() {}

  /** {@return this} */
  protected abstract T self();

  /**
   * Refuses a choice that is not possible.
   *
   * @param possible whether it is
   * @param message with places for the values
   * @param values of the choice
   */
  protected static void require(boolean possible, String message, Object... values) {
    if (!possible) {
      throw new BadInputException(message.formatted(values));
    }
  }

  /**
   * Chooses the way to train.
   *
   * @param recipe in numbers
   * @return this
   */
  public T recipe(Recipe recipe) {
    this.recipe = recipe;
    return self();
  }

  /**
   * Chooses how often every image is seen.
   *
   * @param epochs default the recipe's
   * @return this
   */
  public final T epochs(int epochs) {
    require(epochs > 0, "%d epochs are not possible; give at least 1", epochs);
    this.epochs = epochs;
    return self();
  }

  /**
   * Chooses how many images a step of the optimiser sees. The recipe's rates change in proportion.
   *
   * @param images default the recipe's
   * @return this
   */
  public final T batch(int images) {
    require(images > 0, "a batch of %d images is not possible; give at least 1", images);
    batch = images;
    return self();
  }

  /**
   * Accumulates gradients: a batch is computed in portions of this many images, which need less
   * memory. Mixing happens within a portion, and so do BatchNorm's statistics.
   *
   * @param images divides the batch; default the whole batch
   * @return this
   */
  public final T microBatch(int images) {
    require(images > 0, "portions of %d images are not possible; give at least 1", images);
    microBatch = images;
    return self();
  }

  /**
   * Saves memory at the cost of time: of every block only the input is kept, and the block is
   * computed once more in the backward pass; see {@link io.github.vit4j.model.Recomputation}.
   * Gradients are the same; only dropout and stochastic depth inside blocks draw other numbers.
   *
   * @return this
   */
  public final T recompute() {
    recompute = true;
    return self();
  }

  /**
   * Chooses what the products of linear layers inside blocks are computed with. Weights, gradients,
   * optimiser, everything else in the model and all of validation stay float32.
   *
   * @param precision default what the model was built with, which is {@link Precision#FLOAT32} for
   *     any that was read from a file; {@link Precision#BFLOAT16} needs a processor with such
   *     products
   * @return this
   */
  public final T precision(Precision precision) {
    this.precision = precision;
    return self();
  }

  /**
   * Chooses the highest learning rate, at the batch size that is used. The recipe's lower rates
   * change in proportion.
   *
   * @param rate default the recipe's
   * @return this
   */
  public final T rate(double rate) {
    require(
        rate > 0 && rate < 1000, "a learning rate of %s is not possible; give one above 0", rate);
    this.rate = rate;
    return self();
  }

  /**
   * Chooses the optimiser.
   *
   * @param kind default the recipe's
   * @return this
   */
  public final T optimizer(OptimizerKind kind) {
    optimizer = kind;
    return self();
  }

  /**
   * Keeps the optimiser's momentum in bfloat16, as {@link
   * io.github.vit4j.finetune.optim.Optimizer.Builder#bfloat16Momentum} does.
   *
   * @return this
   */
  public final T bfloat16Momentum() {
    bfloat16Momentum = true;
    return self();
  }

  /**
   * Chooses the weight decay of linear layers and convolutions, the head's apart.
   *
   * @param body default the recipe's; Scaling Vision Transformers has 0.03
   * @param head of the head's weights; there 3
   * @return this
   */
  public final T weightDecay(double body, double head) {
    require(body >= 0 && body <= 10, "a weight decay of %s is not possible; give 0 to 10", body);
    require(head >= 0 && head <= 10, "a weight decay of %s is not possible; give 0 to 10", head);
    bodyDecay = body;
    headDecay = head;
    return self();
  }

  /**
   * Trains without an end in sight (Zhai et al. 2021, Scaling Vision Transformers): after the
   * warm-up the rate falls with the inverse square root of the steps, which needs no number of
   * epochs. The run ends after the epochs that {@link #epochs} says, and can be started again with
   * more of them; without any it goes on until an interrupt or an early stop. {@link #coolDown}
   * makes models of its checkpoints.
   *
   * @return this
   */
  public final T infinite() {
    infinite = true;
    return self();
  }

  /**
   * Keeps the checkpoint of every so manieth epoch's end, {@code kept-epoch-000010.safetensors}, so
   * that the run can be cooled down from there later. Of all others only the last two stay.
   *
   * @param epochs default none
   * @return this
   */
  public final T keepEvery(int epochs) {
    require(epochs > 0, "a checkpoint every %d epochs is not possible; give at least 1", epochs);
    keepEvery = epochs;
    return self();
  }

  /**
   * Begins at a checkpoint of another run, with its weights, its optimiser's memory and its
   * averaged weights, and brings the learning rate down to 0 in a straight line. That run stays as
   * it is, and may go on meanwhile. All other choices must be those of that run, but for the
   * folder; {@link #epochs} does not count here. It comes to the weights of a run whose cooldown
   * was planned from its first step on, bit for bit.
   *
   * @param from the other run's folder, of which the newest checkpoint is taken, or a checkpoint in
   *     it
   * @param epochs how long it takes; the rest of the epoch in which the checkpoint lies comes on
   *     top
   * @return this
   */
  public final T coolDown(Path from, int epochs) {
    require(epochs > 0, "a cooldown of %d epochs is not possible; give at least 1", epochs);
    coolDown = new CoolDownFrom(from, epochs);
    return self();
  }

  /**
   * Chooses the seed that every draw follows from.
   *
   * @param seed default 0
   * @return this
   */
  public final T seed(long seed) {
    this.seed = seed;
    return self();
  }

  /**
   * Chooses how often checkpoints are written within an epoch; there is one at each epoch's end.
   *
   * @param every default ten minutes
   * @return this
   */
  public final T checkpointEvery(Duration every) {
    require(!every.isNegative(), "checkpoints every %s are not possible", every);
    checkpointEvery = every;
    return self();
  }

  /**
   * Writes checkpoints after a number of steps as well.
   *
   * @param steps default none
   * @return this
   */
  public final T checkpointEverySteps(int steps) {
    require(steps > 0, "checkpoints every %d steps are not possible; give at least 1", steps);
    checkpointSteps = steps;
    return self();
  }

  /**
   * Leaves images out that cannot be read, and lists them. By default such an image ends the run,
   * after a checkpoint.
   *
   * @param skip whether to
   * @return this
   */
  public final T skipUnreadable(boolean skip) {
    skipUnreadable = skip;
    return self();
  }

  /**
   * Chooses how many threads prepare images.
   *
   * @param threads default one a processor; the result is the same with any number
   * @return this
   */
  public final T workers(int threads) {
    require(threads > 0, "%d threads cannot prepare images; give at least 1", threads);
    workers = threads;
    return self();
  }

  /**
   * Chooses who hears how it goes.
   *
   * @param listener default {@link ConsoleBar#ifTerminal()}
   * @return this
   */
  public final T listener(TrainListener listener) {
    this.listener = listener;
    return self();
  }

  /**
   * Chooses the folder.
   *
   * @param folder new, empty, or of an earlier start of the same run
   * @return this
   */
  public final T onto(Path folder) {
    this.folder = folder;
    return self();
  }

  /** {@return the folder of the run} */
  protected final Path folder() {
    if (folder == null) {
      throw new BadInputException("there is no folder for the run; give one with onto(...)");
    }
    return folder;
  }

  /** {@return who hears how it goes} */
  protected final TrainListener listener() {
    return listener;
  }

  /** {@return the seed that every draw follows from} */
  protected final long seed() {
    return seed;
  }

  /**
   * {@return the routes of the copy that is trained}
   *
   * @param own those of the model that it is a copy of
   */
  protected final Routes routes(Routes own) {
    return precision == null ? own : own.withTraining(precision);
  }

  /** {@return whether neither recipe nor rate were chosen} */
  protected final boolean isByDefault() {
    return recipe == null && rate == 0;
  }

  /**
   * {@return the recipe with the choices of epochs, batch and rate}
   *
   * @param defaults where no recipe was chosen
   */
  protected final Recipe chosen(Supplier<Recipe> defaults) {
    Recipe chosen = recipe == null ? defaults.get() : recipe;
    if (epochs > 0) {
      chosen = chosen.withEpochs(epochs);
    } else if (infinite) {
      chosen = chosen.withEpochs(Integer.MAX_VALUE);
    }
    if (batch > 0) {
      chosen = chosen.scaledToBatch(batch);
    }
    Optimization optimization = chosen.optimization();
    return chosen.withOptimization(
        chosen(rate > 0 ? optimization.scaled(rate / optimization.rate()) : optimization));
  }

  private Optimization chosen(Optimization recipes) {
    Optimization chosen = recipes;
    if (optimizer != null || bfloat16Momentum) {
      chosen =
          chosen.withKind(
              optimizer == null ? chosen.kind() : optimizer,
              bfloat16Momentum || chosen.bfloat16Momentum());
    }
    if (bodyDecay >= 0) {
      chosen = chosen.withWeightDecay(bodyDecay, headDecay);
    }
    return infinite ? chosen.withInverseSquareRoot(chosen.timeScaleEpochs()) : chosen;
  }

  /**
   * {@return all choices of the run}
   *
   * @param chosen the recipe, as {@link #chosen} gave it or changed
   * @param images to learn from
   * @param preprocessing of the images
   * @param layerDecay as {@link TrainPlan} has it
   * @param patience as {@link TrainPlan} has it
   */
  protected final TrainPlan plan(
      Recipe chosen,
      ImageDataset images,
      EvalTransform preprocessing,
      double layerDecay,
      int patience) {
    int whole = Math.min(chosen.batch(), images.size());
    return new TrainPlan(
        chosen,
        images,
        preprocessing,
        microBatch > 0 ? microBatch : whole,
        layerDecay,
        seed,
        patience,
        skipUnreadable,
        recompute,
        workers,
        checkpointEvery,
        checkpointSteps,
        keepEvery,
        coolDown);
  }
}
