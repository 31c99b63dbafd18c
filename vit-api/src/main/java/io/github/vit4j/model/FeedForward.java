package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import io.github.vit4j.compute.Scalars;
import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.ViTConfig;

/** The feed-forward network of a branch: {@code fc2(act(fc1(x)))}, or SwiGLU. */
final class FeedForward extends Part {

  private final Linear fc1;
  private final Linear fc2;
  private final boolean gated;
  private final io.github.vit4j.config.Activation activation;
  private final float dropout;

  FeedForward(ViTConfig config, Role role, FeedForwardKind kind) {
    gated = kind == FeedForwardKind.SWIGLU;
    activation = config.activation();
    dropout = (float) config.dropout();
    long d = config.width();
    long hidden = config.mlpWidth();
    fc1 = part("fc1", new Linear(role, d, gated ? 2 * hidden : hidden, true));
    fc2 = part("fc2", new Linear(role, hidden, d, true));
  }

  @Override
  NDArray apply(Pass pass, NDArray x) {
    NDArray hidden = fc1.apply(pass, x); // (B, T, D) -> (B, T, hidden), twice that if gated
    if (gated) {
      NDList halves = hidden.split(2, 2);
      hidden = activate(halves.get(0)).mul(halves.get(1));
    } else {
      hidden = activate(hidden);
    }
    NDArray y = fc2.apply(pass, Dropout.apply(pass, hidden, dropout)); // -> (B, T, D)
    return Dropout.apply(pass, y, dropout);
  }

  private NDArray activate(NDArray x) {
    return switch (activation) {
      case GELU -> x.getNDArrayInternal().gelu();
      case GELU_TANH -> {
        NDArray cubic = Scalars.times(x.mul(x), 0.044715).add(1f).mul(x);
        NDArray inner = Scalars.times(cubic, Math.sqrt(2 / Math.PI));
        yield Scalars.times(inner.tanh().add(1f).mul(x), 0.5);
      }
      case QUICK_GELU -> Activation.sigmoid(Scalars.times(x, 1.702)).mul(x);
      case SILU -> Activation.sigmoid(x).mul(x);
    };
  }
}
