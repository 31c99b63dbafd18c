package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/** LayerNorm over the last axis. */
final class LayerNorm extends Part {

  private final Parameter weight;
  private final Parameter bias;
  private final Shape normalized;
  private final float eps;

  LayerNorm(Role role, long width, double eps) {
    this.eps = (float) eps;
    normalized = new Shape(width);
    weight = weight("weight", Parameter.Type.GAMMA, role, new Init.Constant(1), width);
    bias = weight("bias", Parameter.Type.BETA, role, new Init.Constant(0), width);
  }

  @Override
  NDArray apply(Pass pass, NDArray x) {
    return x.getNDArrayInternal()
        .layerNorm(x, normalized, pass.get(weight, x), pass.get(bias, x), eps)
        .singletonOrThrow();
  }
}
