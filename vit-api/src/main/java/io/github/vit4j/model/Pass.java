package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import io.github.vit4j.compute.Precision;
import io.github.vit4j.compute.Routes;
import org.jspecify.annotations.Nullable;

/** One forward pass: where parameters come from, and what the caller wants to see on the way. */
final class Pass {

  private final ParameterStore store;
  private final boolean training;
  private final @Nullable Observer observer;
  private final @Nullable TokenMask mask;
  private final Routes routes;
  private @Nullable NDArray sharedBias;
  private @Nullable Recomputation recomputation;

  private Pass(
      ParameterStore store,
      boolean training,
      @Nullable Observer observer,
      @Nullable TokenMask mask,
      Routes routes) {
    this.store = store;
    this.training = training;
    this.observer = observer;
    this.mask = mask;
    this.routes = routes;
  }

  static Pass of(ParameterStore store, boolean training) {
    return of(store, training, Routes.AUTOMATIC);
  }

  static Pass of(ParameterStore store, boolean training, Routes routes) {
    return new Pass(store, training, null, null, routes);
  }

  static Pass observed(ParameterStore store, Observer observer, Routes routes) {
    return new Pass(store, false, observer, null, routes);
  }

  static Pass masked(ParameterStore store, boolean training, TokenMask mask, Routes routes) {
    return new Pass(store, training, null, mask, routes);
  }

  /** This pass, with blocks that keep their inputs only; null changes nothing. */
  Pass recomputing(@Nullable Recomputation how) {
    recomputation = how;
    return this;
  }

  /** How blocks are computed again in the backward pass, or null where they are not. */
  @Nullable Recomputation recomputation() {
    return recomputation;
  }

  /** What is hidden from the model, in masked-image pre-training only. */
  @Nullable TokenMask mask() {
    return mask;
  }

  /** The ways to compute what there are several ways for. */
  Routes routes() {
    return routes;
  }

  /** Whether products inside blocks are computed in bfloat16. */
  boolean halved() {
    return training && routes.training() == Precision.BFLOAT16;
  }

  /** Whether dropout, stochastic depth and BatchNorm behave as in training. */
  boolean training() {
    return training;
  }

  @Nullable Observer observer() {
    return observer;
  }

  /** The parameter's array on the device of {@code like}. It belongs to the model, not to us. */
  NDArray get(Parameter parameter, NDArray like) {
    return store.getValue(parameter, like.getDevice(), training);
  }

  /**
   * A view of a parameter that belongs to the manager of {@code like}. An operation's result
   * belongs to the manager of the array it is called on, so a chain that starts at a parameter must
   * start at such a view, or its results would live as long as the model.
   */
  NDArray view(Parameter parameter, NDArray like) {
    NDArray array = get(parameter, like);
    NDArray view = array.reshape(array.getShape());
    view.attach(like.getManager());
    return view;
  }

  /** BEiT's shared bias (1, H, N, N), computed once a pass. */
  @Nullable NDArray sharedBias() {
    return sharedBias;
  }

  void shareBias(NDArray bias) {
    sharedBias = bias;
  }
}
