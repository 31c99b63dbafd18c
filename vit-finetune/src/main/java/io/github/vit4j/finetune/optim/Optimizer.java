package io.github.vit4j.finetune.optim;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Moves parameters along their gradients, by the rule of {@link AdamW}, {@link Sgd} or {@link
 * Lamb}.
 *
 * <p>A step clips the gradients to a global norm if that was asked for, moves the parameters, and
 * zeroes the gradients. Gradients of several backward passes before a step add up. If the norm is
 * not a finite number, nothing moves: the gradients are zeroed and the report says so. Parameters
 * that have been frozen since the optimiser was made are left alone.
 *
 * <p>It works with or without a {@code GradientCollector} around it, and needs no DJL trainer. It
 * owns what it keeps between steps, two arrays a parameter with AdamW; close it, or the model.
 */
public final class Optimizer implements AutoCloseable {

  /** The name of the step count within {@link #state()}. */
  public static final String STEP = "step";

  private final UpdateRule rule;
  private final List<ParameterGroup> groups;
  private final double rate;
  private final double clipNorm;
  private final NDManager manager;
  private final NDArray savedStep;
  private final Set<String> halved;
  private final Map<String, Map<String, NDArray>> slots = new LinkedHashMap<>();
  private long steps;

  private Optimizer(Builder builder, List<ParameterGroup> groups) {
    this.groups = groups;
    rule = builder.rule;
    rate = builder.rate;
    clipNorm = builder.clipNorm;
    halved = builder.halved;
    NDManager model = groups.get(0).parameters().get(0).array().getManager();
    manager = model.newSubManager();
    savedStep = manager.create(0L);
    for (ParameterGroup group : groups) {
      for (ViTParameter p : group.parameters()) {
        Map<String, NDArray> own = new LinkedHashMap<>();
        new TreeMap<>(rule.slots(p)).forEach((name, shape) -> own.put(name, zeros(name, shape, p)));
        slots.put(p.path(), own);
      }
    }
  }

  private NDArray zeros(String slot, Shape shape, ViTParameter p) {
    Device device = p.array().getDevice();
    return halved.contains(slot)
        ? manager.zeros(Bfloat16.packed(shape), DataType.UINT8, device)
        : manager.zeros(shape, DataType.FLOAT32, device);
  }

  /**
   * {@return a builder for an optimiser with a rule of choice}
   *
   * @param rule the arithmetic, such as {@code new AdamW(0.9, 0.95, 1e-8)}
   */
  public static Builder by(UpdateRule rule) {
    return new Builder(rule);
  }

  /** {@return the groups, without the parameters that were frozen when the optimiser was made} */
  public List<ParameterGroup> groups() {
    return groups;
  }

  /** {@return how many steps were taken; refused ones do not count} */
  public long steps() {
    return steps;
  }

  /** As {@link #step(double)}, at the base rate. */
  public StepReport step() {
    return step(rate);
  }

  /**
   * Moves the parameters and zeroes their gradients.
   *
   * @param learningRate the rate of this step, before the groups' scales
   * @return the gradients' norm, and whether the step was taken
   * @throws BadInputException if the rate is negative or no finite number
   */
  public StepReport step(double learningRate) {
    ParameterGroup.requireFinite("the learning rate", learningRate);
    double norm = gradientNorm();
    if (!Double.isFinite(norm)) {
      zeroGradients();
      return new StepReport(norm, false);
    }
    steps++;
    double scale = Math.min(1, clipNorm / (norm + 1e-6)); // as torch's clip_grad_norm_
    for (ParameterGroup group : groups) {
      for (ViTParameter p : trainable(group)) {
        update(p, scale, learningRate * group.rateScale(), group.weightDecay());
      }
    }
    return new StepReport(norm, true);
  }

  private void update(ViTParameter p, double clip, double learningRate, double weightDecay) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray gradient = gradient(p, scope);
      if (clip < 1) {
        gradient.muli((float) clip);
      }
      NDArray weight = alias(p.array(), scope);
      Map<String, NDArray> kept = new LinkedHashMap<>();
      Map<String, NDArray> own = slots.getOrDefault(p.path(), Map.of());
      own.forEach((name, array) -> kept.put(name, opened(name, alias(array, scope), weight)));
      UpdateRule.Update update =
          new UpdateRule.Update(weight, gradient, kept, learningRate, weightDecay, steps);
      rule.apply(update);
      own.forEach(
          (name, array) -> {
            if (halved.contains(name)) {
              Bfloat16.pack(alias(array, scope), update.slot(name));
            }
          });
      gradient.subi(gradient);
    }
  }

  /** What the rule works on: the kept array itself, or a float32 copy of a halved one. */
  private NDArray opened(String slot, NDArray array, NDArray weight) {
    return halved.contains(slot) ? Bfloat16.widened(array, weight.getShape()) : array;
  }

  /** The same memory, of which no gradient is recorded even within a training step. */
  private static NDArray alias(NDArray array, NDManager scope) {
    NDArray alias = array.stopGradient();
    alias.attach(scope);
    return alias;
  }

  private double gradientNorm() {
    try (NDManager scope = manager.newSubManager()) {
      NDList norms = new NDList();
      for (ParameterGroup group : groups) {
        for (ViTParameter p : trainable(group)) {
          norms.add(gradient(p, scope).norm());
        }
      }
      if (norms.isEmpty()) {
        return 0;
      }
      double squares = 0;
      for (float norm : NDArrays.stack(norms).toFloatArray()) { // one transfer for all of them
        squares += (double) norm * norm;
      }
      return Math.sqrt(squares);
    }
  }

  private static List<ViTParameter> trainable(ParameterGroup group) {
    return group.parameters().stream().filter(p -> p.parameter().requiresGradient()).toList();
  }

  /** The gradient itself, not a copy; zeros where no backward pass has reached the parameter. */
  private static NDArray gradient(ViTParameter p, NDManager scope) {
    NDArray gradient = p.array().getGradient();
    gradient.attach(scope);
    return gradient;
  }

  /** Forgets the gradients of passes whose step shall not be taken. */
  public void zeroGradients() {
    for (ParameterGroup group : groups) {
      for (ViTParameter p : trainable(group)) {
        try (NDManager scope = manager.newSubManager()) {
          // no product or difference with itself: these would keep a NaN
          gradient(p, scope).set(new NDIndex("..."), 0);
        }
      }
    }
  }

  /**
   * Multiplies the gradients, where they were gathered with shares that did not come to 1.
   *
   * @param factor by what
   * @throws BadInputException if it is negative or no finite number
   */
  public void scaleGradients(double factor) {
    ParameterGroup.requireFinite("the gradients' factor", factor);
    for (ParameterGroup group : groups) {
      for (ViTParameter p : trainable(group)) {
        try (NDManager scope = manager.newSubManager()) {
          gradient(p, scope).muli((float) factor);
        }
      }
    }
  }

  /**
   * {@return what a later run needs to go on: the step count under {@value #STEP}, and {@code
   * PATH/SLOT} for each array that the rule keeps, such as {@code head.weight/exp_avg}}
   *
   * <p>The arrays are the optimiser's own, as they stand now: copy or write them before the next
   * step, and do not close them. What is kept in bfloat16 is of type UINT8, two bytes a number, the
   * lower one first, along a last axis that is twice as long.
   */
  public Map<String, NDArray> state() {
    savedStep.set(new long[] {steps});
    Map<String, NDArray> state = new LinkedHashMap<>();
    state.put(STEP, savedStep);
    slots.forEach((path, own) -> own.forEach((slot, array) -> state.put(key(path, slot), array)));
    return Collections.unmodifiableMap(state);
  }

  /**
   * Goes on where another run stopped.
   *
   * @param state what {@link #state()} gave there; it is copied and may be closed afterwards
   * @throws BadInputException if it does not fit, in which case nothing has changed
   */
  public void restore(Map<String, NDArray> state) {
    SavedState.copy("the optimiser's state", state, state());
    steps = savedStep.getLong();
  }

  private static String key(String path, String slot) {
    return path + "/" + slot;
  }

  /** Frees what was kept between steps. */
  @Override
  public void close() {
    manager.close();
  }

  /** Collects the choices for an optimiser; not thread-safe. */
  public static final class Builder {

    private final UpdateRule rule;
    private List<ParameterGroup> groups = List.of();
    private double rate = 1e-4;
    private double clipNorm = Double.POSITIVE_INFINITY;
    private Set<String> halved = Set.of();

    private Builder(UpdateRule rule) {
      this.rule = rule;
    }

    /**
     * The rate of {@link Optimizer#step()}; a schedule's rate is given to {@link
     * Optimizer#step(double)} instead. By default 1e-4.
     *
     * @param rate the rate
     * @return this
     */
    public Builder rate(double rate) {
      ParameterGroup.requireFinite("the learning rate", rate);
      this.rate = rate;
      return this;
    }

    /**
     * The parameters, and how each of them is treated.
     *
     * @param groups the groups
     * @return this
     */
    public Builder groups(ParameterGroups groups) {
      return groups(groups.list());
    }

    /**
     * The parameters, and how each of them is treated. Frozen ones are left out.
     *
     * @param groups the groups
     * @return this
     */
    public Builder groups(List<ParameterGroup> groups) {
      this.groups = List.copyOf(groups);
      return this;
    }

    /**
     * Scales the gradients down whenever the norm of all of them together is larger. By default
     * nothing is clipped.
     *
     * @param norm the largest norm, above 0
     * @return this
     */
    public Builder clipNorm(double norm) {
      if (!(norm > 0)) {
        throw new BadInputException(
            "the largest gradient norm is %s; give a positive number".formatted(norm));
      }
      clipNorm = norm;
      return this;
    }

    /**
     * Keeps the rule's momentum, its mean gradient, in bfloat16, at half the memory (Zhai et al.
     * 2021, Scaling Vision Transformers, section 3.4). A step computes in float32 from the kept
     * numbers, moves the parameters by what it found, and only then rounds that to keep it, as
     * big_vision does. The second moment stays float32; rounded, it was found to hurt.
     *
     * @return this
     * @throws BadInputException if the rule has no momentum
     */
    public Builder bfloat16Momentum() {
      halved = rule.momentumSlots();
      if (halved.isEmpty()) {
        throw new BadInputException(
            "%s keeps no momentum that could be kept in bfloat16; leave that out".formatted(rule));
      }
      return this;
    }

    /**
     * {@return the optimiser}
     *
     * @throws BadInputException if there is nothing to train, a parameter stands in two groups, has
     *     no values yet, or is not of type float32
     */
    public Optimizer build() {
      List<ParameterGroup> trained = new ArrayList<>();
      Set<String> paths = new HashSet<>();
      for (ParameterGroup group : groups) {
        List<ViTParameter> members = trainable(group);
        members.forEach(p -> check(p, paths));
        if (!members.isEmpty()) {
          trained.add(new ParameterGroup(members, group.rateScale(), group.weightDecay()));
        }
      }
      if (trained.isEmpty()) {
        throw new BadInputException(
            "there is nothing to train; give groups with parameters that are not frozen");
      }
      return new Optimizer(this, List.copyOf(trained));
    }

    private static void check(ViTParameter p, Set<String> paths) {
      if (!paths.add(p.path())) {
        throw new BadInputException(p.path() + " stands in the groups twice; give it once");
      }
      if (!p.parameter().isInitialized()) {
        throw new BadInputException(
            p.path() + " has no values yet; initialize or load the model first");
      }
      if (p.array().getDataType() != DataType.FLOAT32) {
        throw new BadInputException(
            "%s is %s; train in float32".formatted(p.path(), p.array().getDataType()));
      }
    }
  }
}
