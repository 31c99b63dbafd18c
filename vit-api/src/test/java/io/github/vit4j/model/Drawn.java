package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/**
 * Random values for all parameters, zeros and ones at the beginning included; the same every run.
 */
final class Drawn {

  private Drawn() {}

  static VisionTransformer values(VisionTransformer model, NDManager manager) {
    return values(model, manager, .5f);
  }

  /**
   * @param scale standard deviation of what is no variance
   */
  static VisionTransformer values(VisionTransformer model, NDManager manager, float scale) {
    model.initialize(
        manager,
        (p, owner) -> {
          try (NDArray drawn = Images.normal(owner, p.path().hashCode(), p.shape())) {
            return p.path().endsWith("running_var") ? drawn.abs() : drawn.mul(scale);
          }
        });
    return model;
  }
}
