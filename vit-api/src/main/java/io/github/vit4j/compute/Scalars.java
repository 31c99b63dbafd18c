package io.github.vit4j.compute;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * Products with a number, safe to differentiate.
 *
 * <p>{@code NDArray.mul(Number)} makes a scalar whose memory belongs to a Java buffer, and drops
 * the buffer at once. The engine keeps the scalar for the backward pass; if the garbage collector
 * runs in between, the gradient is multiplied by whatever lies there now. The same holds for {@code
 * div(Number)}. Here the scalar lives in the engine's own memory.
 */
public final class Scalars {

  private Scalars() {}

  /**
   * {@return every value times a factor}
   *
   * @param x of any shape
   * @param factor the factor
   */
  public static NDArray times(NDArray x, double factor) {
    try (NDArray scalar = x.getManager().full(new Shape(), (float) factor, x.getDataType())) {
      return x.mul(scalar);
    }
  }
}
