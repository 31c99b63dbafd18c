package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;

/** LayerScale (Touvron et al. 2021): a learned factor a channel on a residual branch's output. */
final class LayerScale extends Part {

  private final Parameter gamma;

  LayerScale(long width, double init) {
    gamma = weight("gamma", Parameter.Type.OTHER, Role.LAYER_SCALE, new Init.Constant(init), width);
  }

  @Override
  NDArray apply(Pass pass, NDArray x) {
    return x.mul(pass.get(gamma, x)); // (B, T, D) x (D)
  }
}
