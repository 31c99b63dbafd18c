package io.github.vit4j.finetune.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Images, ready for a model, and their targets.
 *
 * <p>Its memory belongs to the loader and is filled with other images once the batch is closed. On
 * the CPU the arrays that it makes are that same memory, and a backward pass reads them: close the
 * batch after the optimiser's step, not before. Closing it closes its arrays, so that later use
 * fails instead of reading other images.
 *
 * <p>For one thread at a time.
 */
public final class ImageBatch implements AutoCloseable {

  private final Slot slot;
  private final int height;
  private final int width;
  private final Runnable release;
  private final List<NDArray> arrays = new ArrayList<>();
  private boolean closed;

  ImageBatch(Slot slot, int height, int width, Runnable release) {
    this.slot = slot;
    this.height = height;
    this.width = width;
    this.release = release;
  }

  /** {@return the epoch, counted from 0} */
  public int epoch() {
    return slot.epoch;
  }

  /** {@return the place in the epoch, counted from 0} */
  public int step() {
    return slot.step;
  }

  /** {@return whether this is the last batch of its epoch} */
  public boolean isLastOfEpoch() {
    return slot.last;
  }

  /** {@return how many images there are; fewer than usual, even 0, if some could not be read} */
  public int size() {
    return slot.size;
  }

  /** {@return rows of the arrays: as {@link #size()}, or more with {@link Remainder#PAD}} */
  public int rows() {
    return slot.rows;
  }

  /** {@return the class of each row, a copy; -1 for rows that are padding} */
  public int[] labels() {
    requireOpen();
    return slot.labels(slot.rows);
  }

  /** {@return (rows, 3, H, W) normalised, the batch's own memory, direct} */
  public FloatBuffer pixels() {
    requireOpen();
    return slot.pixels(slot.rows).asFloatBuffer();
  }

  /**
   * {@return (rows, classes), each row of an image summing to 1, the batch's own memory, direct}
   */
  public FloatBuffer targets() {
    requireOpen();
    return slot.targets(slot.rows).asFloatBuffer();
  }

  /**
   * {@return the pixels as an array of shape (rows, 3, H, W), without a copy on the CPU}
   *
   * @param manager owns the array; the batch closes it at the latest
   */
  public NDArray pixels(NDManager manager) {
    requireOpen();
    // DJL copies float buffers, but not byte buffers
    return kept(
        manager.create(
            slot.pixels(slot.rows), new Shape(slot.rows, 3, height, width), DataType.FLOAT32));
  }

  /**
   * {@return the targets as an array of shape (rows, classes), without a copy on the CPU}
   *
   * @param manager owns the array; the batch closes it at the latest
   */
  public NDArray targets(NDManager manager) {
    requireOpen();
    return kept(
        manager.create(
            slot.targets(slot.rows), new Shape(slot.rows, slot.classes), DataType.FLOAT32));
  }

  private NDArray kept(NDArray array) {
    arrays.add(array);
    return array;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("this batch is closed; its memory holds other images now");
    }
  }

  /** Gives the memory back. Closing again does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      arrays.forEach(NDArray::close);
      release.run();
    }
  }
}
