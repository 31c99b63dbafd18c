package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.SampleTransform;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches while the model computes: worker threads decode, augment and normalise straight
 * into one direct buffer a batch, some batches ahead.
 *
 * <p>What a batch holds follows from the data set, the settings and the seed, never from the number
 * of threads or from where the loader began: every image draws from the stream of (seed, epoch,
 * index, repeat), every batch mixes by the stream of (seed, epoch, step).
 *
 * <pre>{@code
 * try (BatchLoader loader =
 *     BatchLoader.of(data.train(), augmentation.transform(preprocessing))
 *         .batch(64)
 *         .sampler(Sampler.shuffled(data.train().size(), seed))
 *         .mixup(new Mixup(0.8, 1, 0.1))
 *         .seed(seed)
 *         .remainder(Remainder.DROP)
 *         .epochs(20)
 *         .start()) {
 *   while (loader.hasNext()) {
 *     try (ImageBatch batch = loader.next()) {
 *       step(batch);
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>It owns its threads and buffers, not the data set. One thread takes batches from it.
 */
public final class BatchLoader implements AutoCloseable {

  /** Batches that the caller may hold open at a time. */
  public static final int MOST_OPEN = 2;

  private final Object lock = new Object();
  private final BatchLoaderSettings settings;
  private final BatchFiller filler;
  private final int stepsPerEpoch;
  private final List<Thread> threads = new ArrayList<>();
  private final Map<Integer, UnreadableSample> unreadable = new TreeMap<>();

  // all of these are guarded by the lock
  private final Deque<Slot> free = new ArrayDeque<>();
  private final Deque<Slot> queue = new ArrayDeque<>();
  private @Nullable Slot filling;
  private Sampler.@Nullable Order order;
  private int epoch;
  private int step;
  private int slots;
  private int open;
  private int running;
  private boolean paused;
  private boolean closed;
  private @Nullable Throwable broken;

  /** Images of the epoch that the caller is in; negative if it did not begin at the first batch. */
  private int readable = -1;

  private final LoaderClock clock = new LoaderClock();

  BatchLoader(BatchLoaderSettings settings) {
    this.settings = settings;
    filler = new BatchFiller(settings);
    stepsPerEpoch = settings.stepsPerEpoch();
    free.add(newSlot()); // so that too large a batch is told at once
    for (int i = 0; i < settings.threads(); i++) {
      Thread thread = new Thread(this::work, "vit4j-loader-" + (i + 1));
      thread.setDaemon(true);
      threads.add(thread);
    }
    threads.forEach(Thread::start);
  }

  /**
   * {@return settings to change and start from: batches of 32 in the data set's order, one epoch
   * after the other without end}
   *
   * @param data what to load; read by many threads
   * @param transform from images to pixels
   */
  public static BatchLoaderSettings of(ImageDataset data, SampleTransform transform) {
    return BatchLoaderSettings.of(data, transform);
  }

  private Slot newSlot() {
    slots++;
    return filler.newSlot();
  }

  /** {@return how many batches an epoch has} */
  public int stepsPerEpoch() {
    return stepsPerEpoch;
  }

  /** {@return whether there is another batch; always, unless epochs are limited} */
  public boolean hasNext() {
    synchronized (lock) {
      return !queue.isEmpty() || epoch < settings.epochs();
    }
  }

  /**
   * {@return the next batch, in order; waits for it if need be}
   *
   * @throws BadInputException naming the image, if one of the batch cannot be used and skipping was
   *     not asked for, or not one image of an epoch can be used; the next call goes on with the
   *     batch after it
   * @throws NoSuchElementException after the last epoch
   * @throws IllegalStateException if {@value #MOST_OPEN} batches are open already, or the loader is
   *     closed
   */
  public ImageBatch next() {
    long start = System.nanoTime();
    synchronized (lock) {
      if (open >= MOST_OPEN) {
        throw new IllegalStateException(
            "%d batches are open; close a batch before taking the next but one".formatted(open));
      }
      Slot slot = awaitHead();
      clock.handedOut(slot.failure == null ? slot.size : 0, System.nanoTime() - start);
      Throwable failure = slot.failure == null ? nothingInEpoch(slot) : slot.failure;
      if (failure != null) {
        free.add(slot);
        lock.notifyAll();
        throw thrown(failure);
      }
      open++;
      SampleTransform transform = settings.transform();
      return new ImageBatch(slot, transform.height(), transform.width(), () -> release(slot));
    }
  }

  /** A single batch may be without an image, a whole epoch may not. */
  private @Nullable BadInputException nothingInEpoch(Slot slot) {
    if (slot.step == 0) {
      readable = 0;
    }
    readable = readable < 0 ? readable : readable + slot.size;
    return slot.last && readable == 0
        ? new BadInputException(
            "none of the %d images can be read; the first: %s"
                .formatted(unreadable.size(), unreadable.values().iterator().next().problem()))
        : null;
  }

  private Slot awaitHead() {
    while (true) {
      if (closed) {
        throw new IllegalStateException("the loader is closed");
      }
      Slot head = queue.peek();
      if (head != null && head.ready) {
        return queue.remove();
      }
      if (head == null && epoch >= settings.epochs()) {
        throw new NoSuchElementException("all %d epochs were loaded".formatted(settings.epochs()));
      }
      if (broken != null) {
        throw thrown(broken);
      }
      await();
    }
  }

  private void await() {
    try {
      lock.wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while waiting for images");
    }
  }

  private static RuntimeException thrown(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    // thrown anew, so that the trace shows who asked
    return failure instanceof BadInputException
        ? new BadInputException(String.valueOf(failure.getMessage()), failure)
        : new IllegalStateException("loading images failed: " + failure, failure);
  }

  private void release(Slot slot) {
    synchronized (lock) {
      open--;
      free.add(slot);
      lock.notifyAll();
    }
  }

  /**
   * Goes on from another place; what was prepared is dropped. Nothing in between is decoded.
   *
   * @param epoch counted from 0
   * @param step counted from 0; {@link #stepsPerEpoch} stands for the beginning of the next epoch
   * @throws BadInputException if there is no such place
   */
  public void seek(int epoch, int step) {
    if (epoch < 0 || step < 0 || step > stepsPerEpoch) {
      throw new BadInputException(
          "there is no step %d in epoch %d; an epoch has steps 0 to %d"
              .formatted(step, epoch, stepsPerEpoch - 1));
    }
    synchronized (lock) {
      paused = true;
      try {
        while (running > 0) {
          await();
        }
      } finally {
        paused = false;
        lock.notifyAll();
      }
      free.addAll(queue);
      queue.clear();
      filling = null;
      order = null;
      readable = -1;
      this.epoch = step == stepsPerEpoch ? epoch + 1 : epoch;
      this.step = step == stepsPerEpoch ? 0 : step;
    }
  }

  /** {@return the images that were skipped so far, each once, in the data set's order} */
  public List<UnreadableSample> unreadable() {
    synchronized (lock) {
      return List.copyOf(unreadable.values());
    }
  }

  /** {@return what was done so far} */
  public LoaderStats stats() {
    synchronized (lock) {
      return clock.stats();
    }
  }

  /** Begins counting anew, for instance after the first batches. */
  public void resetStats() {
    synchronized (lock) {
      clock.reset();
    }
  }

  /** Ends the threads. Batches that are open stay as they are until they are closed. */
  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      lock.notifyAll();
    }
    try {
      for (Thread thread : threads) {
        thread.join(TimeUnit.SECONDS.toMillis(10));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    while (true) {
      Slot slot;
      int row;
      synchronized (lock) {
        slot = awaitRow();
        if (slot == null) {
          return;
        }
        row = slot.taken++;
        running++;
      }
      long start = System.nanoTime();
      filler.load(slot, row);
      long took = System.nanoTime() - start;
      boolean complete;
      synchronized (lock) {
        clock.prepared(took);
        complete = --slot.unfinished == 0;
      }
      List<UnreadableSample> skipped = complete ? filler.finish(slot) : List.of();
      synchronized (lock) {
        skipped.forEach(sample -> unreadable.putIfAbsent(sample.index(), sample));
        slot.ready |= complete;
        running--;
        if (complete || paused) {
          lock.notifyAll();
        }
      }
    }
  }

  /** The batch to fill a row of, or null at the end. */
  private @Nullable Slot awaitRow() {
    try {
      while (!closed && broken == null) {
        if (takeable()) {
          return filling;
        }
        lock.wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      // no memory for another batch, or a sampler that fails: the caller must hear of it
      broken = e;
      lock.notifyAll();
    }
    return null;
  }

  /** Whether there is a row to fill, after beginning another batch if there is room for one. */
  private boolean takeable() {
    if (paused) {
      return false;
    }
    if (filling != null && filling.taken < filling.indices.length) {
      return true;
    }
    filling = null;
    if (epoch >= settings.epochs() || free.isEmpty() && slots >= settings.prefetch() + MOST_OPEN) {
      return false;
    }
    // what is ahead of the caller is limited by prefetch, however few batches the caller holds
    if (queue.size() >= settings.prefetch() + 1) {
      return false;
    }
    Slot slot = free.isEmpty() ? newSlot() : free.remove();
    begin(slot);
    queue.add(slot);
    filling = slot;
    lock.notifyAll();
    return true;
  }

  private void begin(Slot slot) {
    Sampler sampler = settings.sampler();
    if (order == null) {
      order = sampler.order(epoch);
    }
    int from = step * settings.batch();
    int count = Math.min(settings.batch(), sampler.length() - from);
    int[] indices = new int[count];
    int[] repeats = new int[count];
    for (int i = 0; i < count; i++) {
      indices[i] = order.index(from + i);
      repeats[i] = sampler.repeat(from + i);
    }
    slot.begin(epoch, step, indices, repeats, step == stepsPerEpoch - 1);
    if (++step == stepsPerEpoch) {
      step = 0;
      epoch++;
      order = null;
    }
  }
}
