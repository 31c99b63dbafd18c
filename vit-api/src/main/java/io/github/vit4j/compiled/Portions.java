package io.github.vit4j.compiled;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.github.vit4j.config.ViTConfig;
import java.util.function.UnaryOperator;

/**
 * Runs a large batch in parts of equal size.
 *
 * <p>Branches side by side make one wide product, whose hidden values are as many times larger. At
 * 16 images they no longer fit into the processor's last cache, and the model falls behind one
 * whose branches stand one after the other; at 8 it is ahead.
 *
 * @param most images at once
 */
record Portions(long most) {

  static final Portions WHOLE = new Portions(Long.MAX_VALUE);

  /** Below the 32 MiB that a last cache often has: the weights pass through it, too. */
  private static final long HIDDEN_BYTES = 20L << 20;

  /** For float32 on a processor. */
  static Portions of(ViTConfig config) {
    if (config.parallel() == 1) {
      return WHOLE;
    }
    long hidden = (long) config.tokens() * config.parallel() * config.mlpWidth() * Float.BYTES;
    return new Portions(Math.max(1, HIDDEN_BYTES / hidden));
  }

  /**
   * {@return what the program makes of (B, ...), (B, M); belongs to the manager of the images}
   *
   * @param images (B, C, H, W)
   * @param program one result a row
   */
  NDArray run(NDArray images, UnaryOperator<NDArray> program) {
    long batch = images.getShape().get(0);
    if (batch <= most) {
      return program.apply(images);
    }
    long parts = (batch + most - 1) / most;
    NDManager owner = images.getManager();
    try (NDManager scope = owner.newSubManager()) {
      NDList results = new NDList();
      for (long i = 0; i < parts; i++) {
        NDArray part = images.get(new NDIndex("{}:{}", i * batch / parts, (i + 1) * batch / parts));
        part.attach(scope);
        results.add(program.apply(part));
      }
      NDArray all = results.head().getNDArrayInternal().concat(results.subNDList(1), 0);
      all.attach(owner);
      return all;
    }
  }
}
