package io.github.vit4j.inference;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.image.RgbImage;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Answers single images from many threads by running the model on batches of them. A batch starts
 * when it is full, or when its first image has waited as long as {@link Batching#maxWait} allows.
 *
 * <pre>{@code
 * try (BatchingPredictor<Classifications> server =
 *     model.batching().maxBatch(16).maxWait(Duration.ofMillis(5)).queue(256).start()) {
 *   System.out.println(server.predict(image).best()); // in as many threads as there are clients
 *   System.out.println(server.stats().p99());
 * }
 * }</pre>
 *
 * <p>Decoding and resizing happen in the caller's thread, so they use as many processors as there
 * are callers, and an image that is broken fails its own caller only. If the model itself fails,
 * the callers of that batch get its exception, and the next batch is computed as if nothing had
 * been.
 *
 * <p>When the queue is full, {@link #predict} and {@link #submit} wait for room: a slow model slows
 * its callers down instead of filling the memory. {@link #trySubmit} refuses instead.
 *
 * <p>It owns one thread and one buffer, not the model. Whoever started it closes it, before the
 * model; {@link #close} answers what waits first.
 *
 * @param <R> what a caller gets for an image
 */
public final class BatchingPredictor<R> implements AutoCloseable {

  private final Batching<R> settings;
  private final ImageDecoder decoder = new ImageDecoder();
  private final RequestQueue<R> queue;
  private final LatencyWindow latencies = new LatencyWindow();
  private final FloatBuffer pixels;
  private final Thread worker;

  BatchingPredictor(Batching<R> settings) {
    this.settings = settings;
    queue = new RequestQueue<>(settings.queue(), settings.maxBatch(), settings.maxWait().toNanos());
    pixels = PixelBuffers.direct(settings.maxBatch(), settings.transform());
    worker = new Thread(this::work, "vit4j-batching");
    worker.setDaemon(true);
    worker.start();
  }

  /**
   * {@return the model's answer, after waiting for it}
   *
   * @param file a JPEG, PNG, WebP, GIF or BMP file
   * @throws BadInputException if the file is no such image
   * @throws CancellationException if the thread is interrupted, whose flag is set again, or the
   *     closing one is
   * @throws IllegalStateException if this is closed, the model fails, or the thread is the batching
   *     one, which would wait for itself
   */
  public R predict(Path file) {
    long asked = System.nanoTime();
    requireOtherThread("wait for its own answer; use submit, or predict");
    queue.requireOpen();
    return answer(enqueue(decoder.decode(file), asked));
  }

  /**
   * {@return the model's answer, after waiting for it}
   *
   * @param image of any size
   * @throws CancellationException if the thread is interrupted, whose flag is set again, or the
   *     closing one is
   * @throws IllegalStateException if this is closed, the model fails, or the thread is the batching
   *     one, which would wait for itself
   */
  public R predict(RgbImage image) {
    requireOtherThread("wait for its own answer; use submit, or predict");
    return answer(submit(image));
  }

  /**
   * {@return the answer to come; waits only for room in the queue}
   *
   * <p>What hangs on it without an executor of its own runs in the batching thread and holds up the
   * next batch: use the {@code Async} methods for anything slow. Cancelling it before its batch
   * starts saves the work.
   *
   * @param image of any size
   * @throws CancellationException if the thread is interrupted; its flag is set again
   * @throws IllegalStateException if this is closed, or the thread is the batching one and the
   *     queue is full
   */
  public CompletableFuture<R> submit(RgbImage image) {
    long asked = System.nanoTime();
    queue.requireOpen();
    return enqueue(image, asked);
  }

  /**
   * {@return the answer to come, or nothing if the queue is full}
   *
   * @param image of any size
   * @throws IllegalStateException if this is closed
   */
  public Optional<CompletableFuture<R>> trySubmit(RgbImage image) {
    long asked = System.nanoTime();
    queue.requireOpen();
    if (queue.size() >= settings.queue()) {
      return Optional.empty(); // before the image costs anything
    }
    Request<R> request = prepare(image, asked);
    return queue.offer(request) ? Optional.of(request.answer()) : Optional.empty();
  }

  /** {@return what was done so far} */
  public ServingStats stats() {
    return latencies.stats(queue.size());
  }

  /** What hangs on an answer runs in the batching thread, which nobody else can wake. */
  private void requireOtherThread(String what) {
    if (Thread.currentThread() == worker) {
      throw new IllegalStateException("the batching thread cannot " + what + " in another");
    }
  }

  private CompletableFuture<R> enqueue(RgbImage image, long asked) {
    Request<R> request = prepare(image, asked);
    try {
      if (Thread.currentThread() != worker) {
        queue.put(request);
      } else if (!queue.offer(request)) {
        requireOtherThread("wait for room in its own queue; use trySubmit, or submit");
      }
    } catch (InterruptedException e) {
      throw interrupted("waiting for room in the queue");
    }
    return request.answer();
  }

  private Request<R> prepare(RgbImage image, long asked) {
    RgbImage small = settings.transform().resizeAndCrop(image);
    return new Request<>(small, new CompletableFuture<>(), asked);
  }

  private R answer(CompletableFuture<R> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      future.cancel(false);
      throw interrupted("waiting for the answer");
    } catch (ExecutionException e) {
      throw thrown(e.getCause() == null ? e : e.getCause());
    }
  }

  private static CancellationException interrupted(String when) {
    Thread.currentThread().interrupt();
    return new CancellationException("interrupted while " + when);
  }

  private static RuntimeException thrown(Throwable failure) {
    // thrown anew, so that the trace shows who asked
    return failure instanceof BadInputException
        ? new BadInputException(String.valueOf(failure.getMessage()), failure)
        : new IllegalStateException("the model failed: " + failure, failure);
  }

  private void work() {
    try {
      while (true) {
        List<Request<R>> batch = queue.take();
        if (batch.isEmpty()) {
          return;
        }
        run(batch);
      }
    } catch (InterruptedException e) { // nobody else knows this thread
      queue.close();
      cancel(queue.takeAll());
    }
  }

  private void run(List<Request<R>> taken) {
    List<Request<R>> batch = taken.stream().filter(r -> !r.answer().isDone()).toList();
    for (int i = batch.size(); i < taken.size(); i++) {
      latencies.failed();
    }
    if (batch.isEmpty()) {
      return;
    }
    try {
      EvalTransform transform = settings.transform();
      pixels.clear();
      batch.forEach(request -> transform.normalize(request.image(), pixels));
      float[][] rows = settings.runner().run(pixels.flip(), batch.size());
      if (rows.length != batch.size()) {
        throw new IllegalStateException(
            "the model gave %d rows for %d images".formatted(rows.length, batch.size()));
      }
      latencies.batch(rows.length);
      for (int i = 0; i < rows.length; i++) {
        succeed(batch.get(i), settings.result().apply(rows[i]));
      }
    } catch (RuntimeException | Error e) { // its callers hear of it, and the next batch may do well
      batch.forEach(request -> fail(request, e));
    }
  }

  private void succeed(Request<R> request, R result) {
    // counted first, or a caller that asks for the figures at once would miss its own request
    if (!request.answer().isDone()) {
      latencies.answered(System.nanoTime() - request.asked());
    }
    request.answer().complete(result);
  }

  private void fail(Request<R> request, Throwable failure) {
    if (!request.answer().isDone()) {
      latencies.failed();
      request.answer().completeExceptionally(failure);
    }
  }

  private void cancel(List<Request<R>> requests) {
    for (Request<R> request : requests) {
      latencies.failed();
      request.answer().cancel(false);
    }
  }

  /**
   * Refuses new requests, answers those that wait, and returns when the model is no longer in use.
   * If the thread is interrupted meanwhile, requests that no batch has begun are cancelled instead,
   * and the flag stays set.
   *
   * @throws IllegalStateException if called by what hangs on an answer, in the batching thread
   */
  @Override
  public void close() {
    requireOtherThread("wait for its own end; close the predictor");
    queue.close();
    boolean interrupted = false;
    while (worker.isAlive()) {
      try {
        worker.join();
      } catch (InterruptedException e) {
        // goes on waiting: the batch that runs reads the model's weights, which may be freed after
        // this. The worker is not interrupted, or a batch that just began would fail in the model
        interrupted = true;
        cancel(queue.takeAll());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
