package io.github.vit4j.finetune.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.finetune.data.ImageBatch;
import io.github.vit4j.finetune.optim.TrainingStep;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a run minimises. Everything else, from the order of the images to checkpoints and progress,
 * is the same for all runs and {@link TrainingRun}'s.
 *
 * <p>Whatever it draws must follow from the {@link Moment} alone, so that a run that goes on draws
 * the same again.
 */
public interface Objective {

  /**
   * Where in a run something happens.
   *
   * @param seed of the run
   * @param step of the optimiser, from 0
   * @param portion of the step's batch, from 0
   */
  record Moment(long seed, long step, int portion) {}

  /**
   * How often a portion's predictions were right.
   *
   * @param right of them
   * @param counted predictions; 0 where there is no right and wrong
   */
  record Score(long right, long counted) {}

  /** A part of a batch on its way through the model. */
  interface Portion {

    /**
     * Runs the model.
     *
     * @param step records the pass
     * @return the loss, of shape ()
     */
    NDArray loss(TrainingStep step);

    /** {@return how often the predictions were right; asked once, after the loss} */
    Score score();
  }

  /**
   * Does for a part of a batch what no gradient goes through: draws, asks teachers and tokenizers.
   *
   * @param batch open until the gradients are there
   * @param scope owns what lives as long
   * @param at where in the run this is
   * @return what is left to do
   */
  Portion prepare(ImageBatch batch, NDManager scope, Moment at);

  /** {@return what must stay for a run to go on, beside recipe, model and images} */
  Map<String, String> settings();

  /**
   * Looks at the model after an epoch, its averaged weights in place if there are any. What fails
   * here with a {@link io.github.vit4j.error.BadInputException} is said, and does not end the run.
   *
   * @param epoch from 1
   * @param last whether it is the run's last, unless that ends early
   * @param folder of the run
   */
  default void epochOver(int epoch, boolean last, Path folder) {}

  /**
   * Writes what there is to write beside {@code best.safetensors}, with the model as it was
   * measured. What fails here is said, and does not end the run.
   *
   * @param folder of the run
   */
  default void best(Path folder) {}

  /**
   * Writes what the run leaves beside {@code last.safetensors}, at each start that reaches the end.
   *
   * @param folder of the run
   */
  default void finished(Path folder) {}
}
