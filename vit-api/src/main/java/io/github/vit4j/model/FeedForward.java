package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.vit4j.compute.Bfloat16Product;
import io.github.vit4j.compute.Scalars;
import io.github.vit4j.config.Activation;
import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.ViTConfig;

/** The feed-forward network of a branch: {@code fc2(act(fc1(x)))}, or SwiGLU. */
final class FeedForward extends Part {

  private final Linear fc1;
  private final Linear fc2;
  private final boolean gated;
  private final boolean inBlock;
  private final Activation activation;
  private final float dropout;

  FeedForward(ViTConfig config, Role role, FeedForwardKind kind) {
    gated = kind == FeedForwardKind.SWIGLU;
    inBlock = role == Role.FEED_FORWARD;
    activation = config.activation();
    dropout = (float) config.dropout();
    long d = config.width();
    long hidden = config.mlpWidth();
    fc1 = part("fc1", new Linear(role, d, gated ? 2 * hidden : hidden, true));
    fc2 = part("fc2", new Linear(role, hidden, d, true));
  }

  @Override
  NDArray apply(Pass pass, NDArray x) {
    if (inBlock && pass.halved() && isGelu() && dropout == 0) {
      return halved(pass, x);
    }
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

  private boolean isGelu() {
    return !gated && (activation == Activation.GELU || activation == Activation.GELU_TANH);
  }

  /** Both products and GELU in bfloat16, without a detour to float32 between them. */
  private NDArray halved(Pass pass, NDArray x) {
    return Bfloat16Product.mlp(
        x,
        pass.get(fc1.weight(), x),
        pass.get(fc1.bias(), x),
        pass.get(fc2.weight(), x),
        pass.get(fc2.bias(), x),
        activation == Activation.GELU_TANH);
  }

  private NDArray activate(NDArray x) {
    return switch (activation) {
      case GELU -> x.getNDArrayInternal().gelu();
      case GELU_TANH -> {
        NDArray cubic = Scalars.times(x.mul(x), 0.044715).add(1f).mul(x);
        NDArray inner = Scalars.times(cubic, Math.sqrt(2 / Math.PI));
        yield Scalars.times(inner.tanh().add(1f).mul(x), 0.5);
      }
      case QUICK_GELU -> ai.djl.nn.Activation.sigmoid(Scalars.times(x, 1.702)).mul(x);
      case SILU -> ai.djl.nn.Activation.sigmoid(x).mul(x);
    };
  }
}
