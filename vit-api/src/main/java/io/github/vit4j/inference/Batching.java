package io.github.vit4j.inference;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import java.time.Duration;
import java.util.function.Function;

/**
 * How a {@link BatchingPredictor} gathers requests; immutable settings to change and start from.
 *
 * @param <R> what a caller gets for an image
 */
public final class Batching<R> {

  /** Images at once where nothing else is said. */
  public static final int DEFAULT_MAX_BATCH = 16;

  /** How long the first image of a batch waits for others where nothing else is said. */
  public static final Duration DEFAULT_MAX_WAIT = Duration.ofMillis(5);

  /** Waiting images where nothing else is said; at 224 pixels 38 MB. */
  public static final int DEFAULT_QUEUE = 256;

  private static final Duration LONGEST = Duration.ofHours(1);

  private final EvalTransform transform;
  private final BatchRunner runner;
  private final Function<float[], R> result;
  private final int maxBatch;
  private final Duration maxWait;
  private final int queue;

  private Batching(
      EvalTransform transform,
      BatchRunner runner,
      Function<float[], R> result,
      int maxBatch,
      Duration maxWait,
      int queue) {
    this.transform = transform;
    this.runner = runner;
    this.result = result;
    this.maxBatch = maxBatch;
    this.maxWait = maxWait;
    this.queue = queue;
  }

  /**
   * {@return the default settings: batches of 16, 5 milliseconds, a queue of 256}
   *
   * @param transform how images are prepared
   * @param runner the model; called by one thread at a time
   * @param result what a caller gets for the model's row of numbers
   * @param <R> its type
   */
  public static <R> Batching<R> of(
      EvalTransform transform, BatchRunner runner, Function<float[], R> result) {
    return new Batching<>(
        transform, runner, result, DEFAULT_MAX_BATCH, DEFAULT_MAX_WAIT, DEFAULT_QUEUE);
  }

  /**
   * {@return the same with another batch size}
   *
   * @param images the most that the model sees at once, 1 to 65536
   * @throws BadInputException if it is none of these, or the batch would take over 2 GiB
   */
  public Batching<R> maxBatch(int images) {
    ImageBatches.requireCount("a batch", "images", images);
    PixelBuffers.bytes(images, transform);
    return new Batching<>(transform, runner, result, images, maxWait, queue);
  }

  /**
   * {@return the same with another patience}
   *
   * @param wait how long the first image of a batch waits for others, 0 to 1 hour; with 0 a batch
   *     is what has come while the last one was computed
   * @throws BadInputException if it is none of these
   */
  public Batching<R> maxWait(Duration wait) {
    if (wait.isNegative() || wait.compareTo(LONGEST) > 0) {
      throw new BadInputException("a batch cannot wait for %s; use 0 to 1 hour".formatted(wait));
    }
    return new Batching<>(transform, runner, result, maxBatch, wait, queue);
  }

  /**
   * {@return the same with a queue of another length}
   *
   * @param images how many may wait, 1 to 65536; callers beyond that are held back
   * @throws BadInputException if it is none of these
   */
  public Batching<R> queue(int images) {
    ImageBatches.requireCount("a queue", "images", images);
    return new Batching<>(transform, runner, result, maxBatch, maxWait, images);
  }

  /**
   * {@return a running predictor, which the caller closes before the model}
   *
   * @throws BadInputException if a batch would take over 2 GiB
   */
  public BatchingPredictor<R> start() {
    return new BatchingPredictor<>(this);
  }

  EvalTransform transform() {
    return transform;
  }

  BatchRunner runner() {
    return runner;
  }

  Function<float[], R> result() {
    return result;
  }

  int maxBatch() {
    return maxBatch;
  }

  Duration maxWait() {
    return maxWait;
  }

  int queue() {
    return queue;
  }
}
