package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The memory of one batch, filled again and again. The loader's lock guards everything but the
 * contents of the buffers, of which each worker writes its own row.
 */
final class Slot {

  final int capacity;
  final int imageFloats;
  final int classes;

  private final ByteBuffer pixels;
  private final ByteBuffer targets;
  private final int[] labels;
  private final @Nullable Throwable[] failures;

  int epoch;
  int step;
  int[] indices = new int[0];
  int[] repeats = new int[0];
  boolean last;

  /** Rows that a worker has yet to take, and that workers have yet to finish. */
  int taken;

  int unfinished;
  boolean ready;

  /** After compaction: how many rows are images, and how many the batch has. */
  int size;

  int rows;
  @Nullable Throwable failure;

  Slot(int capacity, int imageFloats, int classes) {
    this.capacity = capacity;
    this.imageFloats = imageFloats;
    this.classes = classes;
    pixels = allocate((long) capacity * imageFloats);
    targets = allocate((long) capacity * classes);
    labels = new int[capacity];
    failures = new Throwable[capacity];
  }

  private static ByteBuffer allocate(long floats) {
    long bytes = floats * Float.BYTES;
    if (bytes > Integer.MAX_VALUE) {
      throw new BadInputException(
          "a batch of %d MiB does not fit into one buffer of 2 GiB; use smaller batches"
              .formatted(bytes >> 20));
    }
    try {
      return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder());
    } catch (OutOfMemoryError e) {
      throw new BadInputException(
          "there is no direct memory for one more batch of %d MiB; use smaller batches, prefetch fewer, or raise -XX:MaxDirectMemorySize"
              .formatted(bytes >> 20),
          e);
    }
  }

  void begin(int epoch, int step, int[] indices, int[] repeats, boolean last) {
    this.epoch = epoch;
    this.step = step;
    this.indices = indices;
    this.repeats = repeats;
    this.last = last;
    taken = 0;
    unfinished = indices.length;
    ready = false;
    failure = null;
    Arrays.fill(failures, null);
  }

  /** Where one row's pixels go. */
  FloatBuffer row(int row) {
    return pixels(capacity)
        .slice(row * imageFloats * Float.BYTES, imageFloats * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  void label(int row, int label) {
    labels[row] = label;
  }

  void failed(int row, Throwable problem) {
    failures[row] = problem;
  }

  @Nullable Throwable failure(int row) {
    return failures[row];
  }

  /** Closes the gaps of rows that failed; which those are does not depend on the threads. */
  void compact() {
    size = 0;
    for (int row = 0; row < indices.length; row++) {
      if (failures[row] == null) {
        if (row != size) {
          row(size).put(row(row));
          labels[size] = labels[row];
        }
        size++;
      }
    }
    rows = size;
  }

  /** Rows of nothing up to the full shape. */
  void pad() {
    for (int row = size; row < capacity; row++) {
      FloatBuffer empty = row(row);
      while (empty.hasRemaining()) {
        empty.put(0);
      }
      labels[row] = -1;
      for (int c = 0; c < classes; c++) {
        targets(capacity).putFloat((row * classes + c) * Float.BYTES, 0);
      }
    }
    rows = capacity;
  }

  int[] labels(int count) {
    return Arrays.copyOf(labels, count);
  }

  ByteBuffer pixels(int count) {
    return pixels.slice(0, count * imageFloats * Float.BYTES).order(ByteOrder.nativeOrder());
  }

  ByteBuffer targets(int count) {
    return targets.slice(0, count * classes * Float.BYTES).order(ByteOrder.nativeOrder());
  }
}
