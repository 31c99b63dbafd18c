package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** Where a model's values come from, such as a checkpoint. */
@FunctionalInterface
public interface WeightSource {

  /**
   * {@return the values of a parameter, of exactly its shape, attached to the manager}
   *
   * @param parameter which parameter
   * @param manager who shall own the array
   */
  NDArray values(ViTParameter parameter, NDManager manager);
}
