package io.github.vit4j.finetune.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.vit4j.compute.Scalars;
import io.github.vit4j.model.Recomputation;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One step of a training loop: records the forward pass, and frees all that came of it at the end.
 *
 * <pre>{@code
 * try (TrainingStep step = TrainingStep.begin(manager)) {
 *   NDArray loss = CrossEntropy.of(step.forward(vit, images), labels);
 *   step.backward(loss);
 *   adamw.step(schedule.at(i++));
 * }
 * }</pre>
 *
 * <p>Gradients add up until an optimiser takes its step, so several steps' backward passes make one
 * large batch: {@code step.backward(loss, 1.0 / steps)}. DJL records one pass at a time in a whole
 * JVM, so only one step may be open. Close it in the thread that began it.
 */
public final class TrainingStep implements AutoCloseable {

  private static final AtomicBoolean OPEN = new AtomicBoolean();

  private final NDManager manager;
  private final GradientCollector collector;
  private final ParameterStore store;
  private final List<Recomputation> recomputed = new ArrayList<>();
  private @Nullable SplittableRandom draws;
  private boolean closed;

  private TrainingStep(NDManager parent) {
    manager = parent.newSubManager();
    try {
      collector = parent.getEngine().newGradientCollector();
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
    store = new ParameterStore(manager, false);
  }

  /**
   * Begins to record.
   *
   * @param parent the step's own manager becomes a child of this one
   * @return the step, to be closed in the same thread
   * @throws IllegalStateException if another step or DJL gradient collector is open
   */
  public static TrainingStep begin(NDManager parent) {
    if (!OPEN.compareAndSet(false, true)) {
      throw new IllegalStateException(
          "another training step is open; the engine records one at a time, so close that one"
              + " first");
    }
    try {
      return new TrainingStep(parent);
    } catch (RuntimeException e) {
      OPEN.set(false);
      throw e;
    }
  }

  /** {@return the owner of all that belongs to this step alone} */
  public NDManager manager() {
    return manager;
  }

  /**
   * Saves memory at the cost of time: of every block of a Vision Transformer this step keeps only
   * the input, and computes the block once more in the backward pass; see {@link Recomputation}.
   *
   * @param seed of dropout and stochastic depth inside the blocks; another one for each step
   * @return this
   */
  public TrainingStep recompute(long seed) {
    draws = new SplittableRandom(seed);
    return this;
  }

  /**
   * Runs a block as in training.
   *
   * @param model a block with one input and one output
   * @param input its input, which is copied, so that its owner may free it at any time
   * @return its output, which lives until the step is closed
   * @throws IllegalArgumentException if the block gives several outputs, as a distilled model does
   */
  public NDArray forward(Block model, NDArray input) {
    NDList out = forward(model, new NDList(input));
    if (out.size() != 1) {
      throw new IllegalArgumentException(
          "the model gives %d outputs; call forward with an NDList".formatted(out.size()));
    }
    return out.get(0);
  }

  /**
   * Runs a block as in training.
   *
   * @param model any block
   * @param inputs its inputs, which are copied, so that their owner may free them at any time
   * @return its outputs, which live until the step is closed
   */
  public NDList forward(Block model, NDList inputs) {
    NDList own = new NDList();
    for (NDArray input : inputs) {
      NDArray copy = input.duplicate();
      copy.attach(manager);
      own.add(copy);
    }
    if (draws == null) {
      return model.forward(store, own, true);
    }
    Recomputation blocks = new Recomputation(draws.nextLong());
    recomputed.add(blocks);
    return model.forward(store, own, true, blocks.asParameters());
  }

  /**
   * Adds the gradients of a loss to those that the parameters have.
   *
   * @param loss of shape ()
   */
  public void backward(NDArray loss) {
    collector.backward(loss);
    recomputed.forEach(Recomputation::backward);
    recomputed.clear();
  }

  /**
   * Adds a share of the gradients of a loss to those that the parameters have.
   *
   * @param loss of shape ()
   * @param share such as 1/4 where four batches make one step
   */
  public void backward(NDArray loss, double share) {
    backward(Scalars.times(loss, share));
  }

  /** Ends the recording and frees all that belongs to the step. Gradients stay. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      collector.close();
    } finally {
      OPEN.set(false);
      manager.close();
    }
  }
}
