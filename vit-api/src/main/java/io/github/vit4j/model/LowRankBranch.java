package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.vit4j.compute.LinearProduct;
import io.github.vit4j.compute.Routes;
import io.github.vit4j.compute.Scalars;
import org.jspecify.annotations.Nullable;

/** What LoRA adds to one linear layer: {@code scale (x A') B'}, with B zero at first. */
final class LowRankBranch extends Part {

  private final Linear beside;
  private final Parameter a;
  private final Parameter b;
  private final double scale;
  private @Nullable NDArray original;

  LowRankBranch(Linear beside, LowRank.Spec spec) {
    this.beside = beside;
    scale = spec.scale();
    Shape shape = beside.weight().getShape();
    long out = shape.get(0);
    long in = shape.get(1);
    Init.Uniform uniform = new Init.Uniform(in);
    a = weight("lora_a", Parameter.Type.WEIGHT, Role.ADAPTER, uniform, spec.rank(), in);
    b =
        weight(
            "lora_b", Parameter.Type.WEIGHT, Role.ADAPTER, new Init.Constant(0), out, spec.rank());
  }

  /** Takes values where the layer has some already; otherwise they come with the layer's. */
  void initializeBesideWeight() {
    if (beside.weight().isInitialized()) {
      NDArray weight = beside.weight().getArray();
      a.initialize(weight.getManager(), weight.getDataType());
      b.initialize(weight.getManager(), weight.getDataType());
    }
  }

  @Override
  NDArray apply(Pass pass, NDArray x) {
    Routes routes = pass.routes();
    // (B, T, in) -> (B, T, rank) -> (B, T, out)
    NDArray low = LinearProduct.of(x, pass.get(a, x), null, routes.linearFor(x));
    NDArray scaled = Scalars.times(low, scale);
    return LinearProduct.of(scaled, pass.get(b, x), null, routes.linearFor(scaled));
  }

  /**
   * Gives the layer a weight with {@code scale B A} added and keeps the one before. The sum is new
   * memory: the old may be a file's, or shared with other models.
   */
  void merge() {
    try (NDArray old = beside.weight().getArray().stopGradient();
        NDArray left = b.getArray().stopGradient();
        NDArray right = a.getArray().stopGradient();
        NDArray product = left.matMul(right);
        NDArray scaled = product.mul((float) scale)) {
      original = beside.weight().getArray().stopGradient();
      replaceWeight(old.add(scaled));
    }
  }

  /** Puts the weight back as it was, bit for bit. */
  void unmerge() {
    NDArray kept = original;
    if (kept != null) {
      original = null;
      replaceWeight(kept);
    }
  }

  /** The array stays the same object, so that whoever holds it sees the new values. */
  private void replaceWeight(NDArray values) {
    NDArray weight = beside.weight().getArray();
    boolean learns = weight.hasGradient();
    weight.intern(values);
    weight.setRequiresGradient(learns);
  }

  void forgetOriginal() {
    NDArray kept = original;
    if (kept != null) {
      kept.close();
      original = null;
    }
  }

  void plugIn() {
    beside.add(this);
  }

  void takeOut() {
    beside.removeLowRank();
  }

  void freeValues() {
    a.close();
    b.close();
  }
}
