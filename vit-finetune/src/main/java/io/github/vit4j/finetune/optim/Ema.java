package io.github.vit4j.finetune.optim;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An exponential moving average of a model's weights, often better than the weights themselves.
 *
 * <pre>{@code
 * try (Ema ema = Ema.of(vit, 0.9999)) {
 *   ... adamw.step(rate); ema.update();
 *   try (Ema.Swap averaged = ema.swapIn()) {
 *     evaluate(vit); // with the averages
 *   }                // and back, bit for bit
 * }
 * }</pre>
 *
 * <p>It averages what is trained, and the running statistics of BatchNorm, as timm's ModelEma does;
 * frozen parameters are their own average and are not kept a second time.
 */
public final class Ema implements AutoCloseable {

  /** The name of the count of updates within {@link #state()}. */
  public static final String UPDATES = "updates";

  private final List<ViTParameter> parameters;
  private final double decay;
  private final boolean warmUp;
  private final NDManager manager;
  private final NDArray savedUpdates;
  private final Map<String, NDArray> averages = new LinkedHashMap<>();
  private long updates;
  private boolean swapped;

  private Ema(List<ViTParameter> of, double decay, boolean warmUp) {
    if (!(decay >= 0 && decay < 1)) {
      throw new BadInputException(
          "the average's decay is %s; give a number from 0 to below 1".formatted(decay));
    }
    List<ViTParameter> averaged = new ArrayList<>();
    for (ViTParameter p : of) {
      if (p.isBuffer() || p.parameter().requiresGradient()) {
        averaged.add(p);
      }
    }
    if (averaged.isEmpty()) {
      throw new BadInputException("there is nothing to average; all parameters are frozen");
    }
    parameters = List.copyOf(averaged);
    this.decay = decay;
    this.warmUp = warmUp;
    manager = parameters.get(0).array().getManager().newSubManager();
    savedUpdates = manager.create(0L);
    for (ViTParameter p : parameters) {
      averages.put(p.path(), copy(p, manager));
    }
  }

  /**
   * {@return an average that starts at the model's present weights}
   *
   * @param vit has values, and is frozen where it shall be
   * @param decay how much of the average stays at each update, such as 0.9999
   * @throws BadInputException if the decay does not lie from 0 to below 1, or all is frozen
   */
  public static Ema of(VisionTransformer vit, double decay) {
    return new Ema(vit.namedParameters(), decay, false);
  }

  /**
   * {@return as {@link #of}, but the n-th update (from 0) keeps at most {@code (1 + n) / (10 + n)},
   * so that a short run is not dominated by its first weights (TensorFlow's rule)}
   *
   * @param vit has values, and is frozen where it shall be
   * @param decay how much of the average stays in the end
   */
  public static Ema withWarmUp(VisionTransformer vit, double decay) {
    return withWarmUp(vit.namedParameters(), decay);
  }

  /**
   * {@return as {@link #withWarmUp(VisionTransformer, double)}, for a model with further
   * parameters}
   *
   * @param parameters all of the model, with values, and frozen where they shall be
   * @param decay how much of the average stays in the end
   */
  public static Ema withWarmUp(List<ViTParameter> parameters, double decay) {
    return new Ema(parameters, decay, true);
  }

  /** {@return how many updates the average has seen} */
  public long updates() {
    return updates;
  }

  /**
   * Moves the average towards the present weights; call it after each step of the optimiser.
   *
   * @throws IllegalStateException while the averages are swapped in
   */
  public void update() {
    requireNotSwapped();
    double stays = warmUp ? Math.min(decay, (1.0 + updates) / (10.0 + updates)) : decay;
    updates++;
    for (ViTParameter p : parameters) {
      try (NDManager scope = manager.newSubManager()) {
        NDArray average = average(p);
        NDArray way = copy(p, scope).subi(average).muli((float) (1 - stays));
        average.addi(way);
      }
    }
  }

  /**
   * Puts the averages into the model.
   *
   * @return closing it puts the weights back, bit for bit
   * @throws IllegalStateException if they are swapped in already
   */
  public Swap swapIn() {
    requireNotSwapped();
    exchange();
    swapped = true;
    return new Swap();
  }

  private void exchange() {
    for (ViTParameter p : parameters) {
      try (NDManager scope = manager.newSubManager()) {
        NDArray weight = copy(p, scope);
        NDArray average = average(p);
        SavedState.overwrite(p.array(), average);
        SavedState.overwrite(average, weight);
      }
    }
  }

  private void requireNotSwapped() {
    if (swapped) {
      throw new IllegalStateException("the averages are in the model; close the swap first");
    }
  }

  private NDArray average(ViTParameter p) {
    return requireNonNull(averages.get(p.path()));
  }

  /** Free of the gradient's recording. */
  private static NDArray copy(ViTParameter p, NDManager owner) {
    try (NDArray alias = p.array().stopGradient()) {
      NDArray copy = alias.duplicate();
      copy.attach(owner);
      return copy;
    }
  }

  /**
   * {@return what a later run needs to go on: the count of updates under {@value #UPDATES}, and
   * each average by its parameter's path}
   *
   * <p>The arrays are this object's own: copy or write them before the next update, and do not
   * close them.
   *
   * @throws IllegalStateException while the averages are swapped in
   */
  public Map<String, NDArray> state() {
    requireNotSwapped();
    savedUpdates.set(new long[] {updates});
    Map<String, NDArray> state = new LinkedHashMap<>();
    state.put(UPDATES, savedUpdates);
    state.putAll(averages);
    return Collections.unmodifiableMap(state);
  }

  /**
   * Goes on where another run stopped.
   *
   * @param state what {@link #state()} gave there; it is copied and may be closed afterwards
   * @throws BadInputException if it does not fit, in which case nothing has changed
   */
  public void restore(Map<String, NDArray> state) {
    SavedState.copy("the average's state", state, state());
    updates = savedUpdates.getLong();
  }

  /** Frees the averages. */
  @Override
  public void close() {
    manager.close();
  }

  /** The averages are in the model until this is closed. */
  public final class Swap implements AutoCloseable {

    private boolean closed;

    private Swap() {}

    /** Puts the weights back, bit for bit. */
    @Override
    public void close() {
      if (!closed) {
        closed = true;
        exchange();
        swapped = false;
      }
    }
  }
}
