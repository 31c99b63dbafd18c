package io.github.vit4j.finetune.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.model.ViTParameter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stochastic gradient descent with momentum, as torch.optim.SGD without dampening: weight decay is
 * added to the gradient, and the learning rate stands outside the momentum.
 *
 * @param momentum how much of the last direction stays each step; 0 keeps nothing between steps
 * @param nesterov whether to look one step ahead
 */
public record Sgd(double momentum, boolean nesterov) implements UpdateRule {

  /** Momentum 0.9, not Nesterov's. */
  public static final Sgd DEFAULT = new Sgd(0.9, false);

  private static final String MOMENTUM = "momentum_buffer";

  /**
   * {@return SGD with momentum 0.9 and without weight decay}
   *
   * @param parameters what to train, such as {@code vit.trainable()}
   * @param rate the base rate
   */
  public static Optimizer over(List<ViTParameter> parameters, double rate) {
    return builder().groups(ParameterGroups.of(parameters)).rate(rate).build();
  }

  /** {@return a builder with momentum 0.9} */
  public static Optimizer.Builder builder() {
    return Optimizer.by(DEFAULT);
  }

  @Override
  public Map<String, Shape> slots(ViTParameter parameter) {
    return momentum == 0 ? Map.of() : Map.of(MOMENTUM, parameter.shape());
  }

  @Override
  public Set<String> momentumSlots() {
    return momentum == 0 ? Set.of() : Set.of(MOMENTUM);
  }

  @Override
  public void apply(Update u) {
    NDArray direction = u.gradient();
    if (u.weightDecay() != 0) {
      direction.addi(u.weight().mul((float) u.weightDecay()));
    }
    if (momentum != 0) {
      NDArray kept = u.slot(MOMENTUM);
      kept.muli((float) momentum).addi(direction);
      direction = nesterov ? direction.addi(kept.mul((float) momentum)) : kept;
    }
    u.weight().subi(direction.mul((float) u.rate()));
  }
}
