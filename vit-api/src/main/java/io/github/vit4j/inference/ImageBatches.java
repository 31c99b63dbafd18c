package io.github.vit4j.inference;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.ImageDecoder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Decodes and prepares many image files by several threads, straight into one direct buffer a
 * batch, one batch ahead of the caller; the next one begins as soon as the caller has done with a
 * buffer.
 *
 * <pre>{@code
 * try (ImageBatches batches = new ImageBatches(files, model.preprocessing(), 32, 8)) {
 *   while (batches.hasNext()) {
 *     PixelBatch batch = batches.next();
 *     float[][] logits = model.logits(batch.pixels(), batch.images());
 *   }
 * }
 * }</pre>
 *
 * <p>Batches are the same with any number of threads: the files in order, less those that could not
 * be used. One thread takes batches from it. It owns its threads and two buffers.
 */
public final class ImageBatches implements AutoCloseable {

  private static final int MOST = 65_536;

  private final ImageDecoder decoder = new ImageDecoder();
  private final List<Path> files;
  private final EvalTransform transform;
  private final int batch;
  private final ExecutorService workers;
  private final List<Thread> started = new CopyOnWriteArrayList<>();
  private final Deque<FloatBuffer> free = new ArrayDeque<>();
  private final Deque<Filling> ahead = new ArrayDeque<>();
  private int next;
  private volatile boolean closed;

  /** A batch that is being made: for each file, what is wrong with it, or nothing. */
  private record Filling(int first, FloatBuffer pixels, List<Future<String>> problems) {}

  /**
   * Begins to decode.
   *
   * @param files images, at least one
   * @param transform how they are prepared
   * @param batch images a batch, 1 to 65536
   * @param threads how many decode, 1 to 65536
   * @throws BadInputException if there is no file, or a number makes no sense
   */
  public ImageBatches(List<Path> files, EvalTransform transform, int batch, int threads) {
    if (files.isEmpty()) {
      throw new BadInputException("there is no image to run; give at least one");
    }
    this.files = List.copyOf(files);
    this.transform = transform;
    this.batch = Math.min(requireCount("a batch", "images", batch), files.size());
    int decoding = requireCount("a run", "decoding threads", threads);
    for (int i = 0; i < 2 && i * this.batch < files.size(); i++) {
      free.add(PixelBuffers.direct(this.batch, transform));
    }
    workers = Executors.newFixedThreadPool(Math.min(decoding, files.size()), this::worker);
    while (!free.isEmpty() && next < files.size()) {
      begin(free.remove());
    }
  }

  /**
   * Checks a number of images or threads.
   *
   * @param what what has them, such as "a batch"
   * @param of what it has
   * @param count 1 to 65536
   * @return the same number
   * @throws BadInputException if it is none of these
   */
  public static int requireCount(String what, String of, int count) {
    if (count < 1 || count > MOST) {
      throw new BadInputException(
          "%s cannot have %d %s; give 1 to %d".formatted(what, count, of, MOST));
    }
    return count;
  }

  private Thread worker(Runnable task) {
    Thread thread = new Thread(task, "vit4j-decoder");
    thread.setDaemon(true);
    started.add(thread);
    return thread;
  }

  private void begin(FloatBuffer pixels) {
    int first = next;
    next = Math.min(next + batch, files.size());
    List<Future<String>> problems = new ArrayList<>();
    for (int i = first; i < next; i++) {
      Path file = files.get(i);
      int floats = transform.floats();
      FloatBuffer slot = pixels.slice((i - first) * floats, floats);
      try {
        problems.add(workers.submit(() -> prepare(file, slot)));
      } catch (RejectedExecutionException e) {
        throw closed();
      }
    }
    ahead.add(new Filling(first, pixels, problems));
  }

  /** What is wrong with the file, or nothing. */
  private String prepare(Path file, FloatBuffer slot) {
    try {
      transform.apply(decoder.decode(file), slot);
      return "";
    } catch (BadInputException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** {@return whether there is another batch} */
  public boolean hasNext() {
    return !ahead.isEmpty() || next < files.size();
  }

  /**
   * {@return the next batch, in order; waits for it}
   *
   * @throws NoSuchElementException after the last one
   * @throws CancellationException if the thread is interrupted, whose flag is set again; the batch
   *     is still the next one
   * @throws IllegalStateException if this is closed, or is closed meanwhile
   */
  public PixelBatch next() {
    if (closed) {
      throw closed();
    }
    if (!free.isEmpty() && next < files.size()) {
      begin(free.remove());
    }
    Filling filling = ahead.peek();
    if (filling == null) {
      throw new NoSuchElementException("all %d files were read".formatted(files.size()));
    }
    List<String> outcomes = filling.problems.stream().map(this::await).toList();
    if (closed) { // and a file that a thread was interrupted at counts as broken
      throw closed();
    }
    ahead.remove(); // not before, or a caller who is interrupted would lose it
    int count = filling.problems.size();
    int floats = transform.floats();
    int[] indices = new int[count];
    List<PixelBatch.Problem> problems = new ArrayList<>();
    int used = 0;
    for (int i = 0; i < count; i++) {
      String problem = outcomes.get(i);
      if (!problem.isEmpty()) {
        problems.add(new PixelBatch.Problem(filling.first + i, problem));
        continue;
      }
      if (used < i) { // closes the gap that a broken file leaves
        filling.pixels.put(used * floats, filling.pixels, i * floats, floats);
      }
      indices[used++] = filling.first + i;
    }
    free.add(filling.pixels);
    FloatBuffer pixels = filling.pixels.slice(0, used * floats);
    int end = filling.first + count;
    return new PixelBatch(pixels, Arrays.copyOf(indices, used), end, List.copyOf(problems));
  }

  private String await(Future<String> problem) {
    try {
      return problem.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("decoding failed: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while reading images");
    } catch (CancellationException e) {
      throw closed();
    }
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("the image batches are closed");
  }

  @Override
  public void close() {
    closed = true;
    for (Runnable waiting : workers.shutdownNow()) {
      if (waiting instanceof Future<?> never) { // which somebody may wait for
        never.cancel(false);
      }
    }
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
