package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/** Dropout of single values, and of whole residual branches (stochastic depth). */
final class Dropout {

  private Dropout() {}

  static NDArray apply(Pass pass, NDArray x, float rate) {
    if (rate == 0 || !pass.training()) {
      return x;
    }
    return x.getNDArrayInternal().dropout(x, rate, true).singletonOrThrow();
  }

  /** Drops a residual branch for a whole image, and scales up those that stay. */
  static NDArray path(Pass pass, NDArray x, float rate) {
    if (rate == 0 || !pass.training()) {
      return x;
    }
    float keep = 1 - rate;
    NDArray drawn =
        x.getManager()
            .randomUniform(
                0, 1, new Shape(x.getShape().get(0), 1, 1), DataType.FLOAT32, x.getDevice());
    return x.mul(drawn.add(keep).floor().div(keep)); // (B, T, D) x (B, 1, 1)
  }
}
