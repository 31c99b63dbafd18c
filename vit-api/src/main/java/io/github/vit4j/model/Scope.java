package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.function.UnaryOperator;

/** Frees the intermediates of a step as soon as it is done, instead of at the end of the pass. */
final class Scope {

  private Scope() {}

  /**
   * Applies a step to a view of {@code x} that lives in a scope of its own. Whatever the backward
   * pass needs stays alive inside the engine.
   *
   * @return the step's result, which belongs to the manager of {@code x}
   */
  static NDArray run(NDArray x, UnaryOperator<NDArray> step) {
    return run(x, x.getManager(), step);
  }

  /** As {@link #run(NDArray, UnaryOperator)}, with the result given to another manager. */
  static NDArray run(NDArray x, NDManager owner, UnaryOperator<NDArray> step) {
    try (NDManager scope = x.getManager().newSubManager()) {
      NDArray view = x.reshape(x.getShape());
      view.attach(scope);
      NDArray y = step.apply(view);
      y.attach(owner);
      return y;
    }
  }
}
