package io.github.vit4j.compute;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/** What the engine can do with recorded passes that DJL's {@code GradientCollector} cannot. */
public final class Recording {

  private Recording() {}

  /**
   * Computes something of which no gradient is recorded, although this thread records.
   *
   * @param <T> what is computed
   * @param what computes it
   * @return what it gives
   */
  public static <T> T paused(Supplier<T> what) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(false);
    try {
      return what.get();
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  /**
   * Goes back through what was recorded of {@code y}, from a gradient that is known already, and
   * adds to the gradients of all that {@code y} came from.
   *
   * @param y recorded, of any shape
   * @param gradient of the loss by {@code y}, of the same shape
   */
  public static void backward(NDArray y, NDArray gradient) {
    JniUtils.backward((PtNDArray) y, (PtNDArray) gradient, false, false);
  }

  /**
   * {@return the same values, as if they had come from nowhere: what is computed of them is
   * recorded from here on if {@code wanted}, and their gradient kept}
   *
   * @param x recorded or not; shares its memory, and its manager
   * @param wanted whether their gradient is wanted
   */
  public static NDArray cut(NDArray x, boolean wanted) {
    NDArray leaf = x.stopGradient();
    if (wanted) {
      leaf.setRequiresGradient(true);
    }
    return leaf;
  }
}
