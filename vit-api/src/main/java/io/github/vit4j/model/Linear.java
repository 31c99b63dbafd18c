package io.github.vit4j.model;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.vit4j.compute.Bfloat16Product;
import io.github.vit4j.compute.LinearProduct;
import org.jspecify.annotations.Nullable;

/** A linear layer, {@code y = x W' + b}. */
final class Linear extends Part {

  private final Parameter weight;
  private final @Nullable Parameter bias;
  private final long out;
  private final boolean inBlock;
  private @Nullable LowRankBranch lowRank;

  Linear(Role role, long in, long out, boolean withBias) {
    this(role, in, out, withBias, new Init.TruncatedNormal(Init.STD));
  }

  Linear(Role role, long in, long out, boolean withBias, Init init) {
    this.out = out;
    inBlock = role == Role.ATTENTION || role == Role.FEED_FORWARD;
    weight = weight("weight", Parameter.Type.WEIGHT, role, init, out, in);
    bias = withBias ? weight("bias", Parameter.Type.BIAS, role, new Init.Constant(0), out) : null;
  }

  @Override
  NDArray apply(Pass pass, NDArray x) {
    return applyWithBias(pass, x, bias == null ? null : pass.get(bias, x));
  }

  /** With a bias that is made elsewhere, such as BEiT's query and value bias. */
  NDArray applyWithBias(Pass pass, NDArray x, @Nullable NDArray givenBias) {
    NDArray y = product(pass, x, givenBias); // (B, T, in) -> (B, T, out)
    return lowRank == null ? y : y.add(lowRank.apply(pass, x));
  }

  private NDArray product(Pass pass, NDArray x, @Nullable NDArray givenBias) {
    if (inBlock && pass.halved()) {
      return Bfloat16Product.linear(x, pass.get(weight, x), givenBias);
    }
    return LinearProduct.of(x, pass.get(weight, x), givenBias, pass.routes().linearFor(x));
  }

  /** The bias of a layer that has one. */
  Parameter bias() {
    return requireNonNull(bias);
  }

  Parameter weight() {
    return weight;
  }

  void add(LowRankBranch branch) {
    lowRank = inlined("low_rank", branch);
  }

  void removeLowRank() {
    if (lowRank != null) {
      remove(lowRank);
      lowRank = null;
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    Shape in = inputShapes[0];
    return new Shape[] {in.slice(0, in.dimension() - 1).add(out)};
  }
}
