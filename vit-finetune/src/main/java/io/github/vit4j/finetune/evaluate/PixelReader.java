package io.github.vit4j.finetune.evaluate;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.ImageDecoder;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Decodes and preprocesses files in other threads, a bounded way ahead, and keeps their order. */
final class PixelReader implements AutoCloseable {

  private final ImageDecoder decoder = new ImageDecoder();
  private final List<Path> files;
  private final EvalTransform transform;
  private final int ahead;
  private final ExecutorService workers;
  private final Deque<Future<float[]>> queue = new ArrayDeque<>();
  private final List<Thread> started = new CopyOnWriteArrayList<>();
  private int submitted;

  /**
   * @param ahead how many files may be ready before they are asked for
   */
  PixelReader(List<Path> files, EvalTransform transform, int threads, int ahead) {
    this.files = files;
    this.transform = transform;
    this.ahead = ahead;
    workers = Executors.newFixedThreadPool(Math.min(threads, files.size()), this::worker);
  }

  private Thread worker(Runnable task) {
    Thread thread = new Thread(task, "vit4j-decoder");
    thread.setDaemon(true);
    started.add(thread);
    return thread;
  }

  /**
   * One file.
   *
   * @param pixels (3, H, W) normalised, or null if there is a problem
   * @param problem what is wrong with the file, or empty
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Result(float @Nullable [] pixels, String problem) {}

  /** The next file in order; waits for it. */
  Result next() {
    while (submitted < files.size() && queue.size() < ahead) {
      Path file = files.get(submitted++);
      queue.add(workers.submit(() -> transform.apply(decoder.decode(file))));
    }
    try {
      return new Result(queue.remove().get(), "");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof BadInputException bad) {
        return new Result(null, String.valueOf(bad.getMessage()));
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("decoding failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while reading images");
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
    try {
      // no thread may outlive the run, but a huge image is not worth an endless wait
      for (Thread thread : started) {
        thread.join(TimeUnit.SECONDS.toMillis(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
