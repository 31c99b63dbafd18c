package io.github.vit4j.finetune.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.model.ViTParameter;
import java.util.Map;
import java.util.Set;

/**
 * The arithmetic of an optimiser: how one parameter moves along its gradient. {@link Optimizer}
 * does all the rest.
 */
public interface UpdateRule {

  /**
   * {@return what is kept for a parameter between steps, by name; it starts at zero}
   *
   * @param parameter the parameter
   */
  Map<String, Shape> slots(ViTParameter parameter);

  /**
   * {@return which of its slots are momentum, a mean of gradients as large as the parameter; these
   * may be kept in bfloat16 ({@link Optimizer.Builder#bfloat16Momentum})}
   */
  default Set<String> momentumSlots() {
    return Set.of();
  }

  /**
   * Moves a parameter.
   *
   * @param update what there is to move it by
   */
  void apply(Update update);

  /**
   * One parameter's part of a step. Results of operations on its arrays are freed when the rule
   * returns.
   *
   * @param weight the parameter's values, to be changed in place; no gradient is recorded
   * @param gradient its gradient, already clipped, of the same shape; the rule may overwrite it
   * @param slots what was kept from the step before, to be changed in place
   * @param rate the learning rate of this parameter
   * @param weightDecay its weight decay
   * @param step number of the step, from 1
   */
  record Update(
      NDArray weight,
      NDArray gradient,
      Map<String, NDArray> slots,
      double rate,
      double weightDecay,
      long step) {

    /** Copies the map. */
    public Update {
      slots = Map.copyOf(slots);
    }

    /**
     * {@return what the rule keeps under a name}
     *
     * @param name one that {@link UpdateRule#slots} gave
     */
    public NDArray slot(String name) {
      NDArray slot = slots.get(name);
      if (slot == null) {
        throw new IllegalArgumentException("the rule keeps no " + name);
      }
      return slot;
    }
  }
}
