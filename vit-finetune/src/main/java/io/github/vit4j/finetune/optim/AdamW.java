package io.github.vit4j.finetune.optim;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.model.ViTParameter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2017), as torch.optim.AdamW.
 *
 * <pre>{@code
 * try (Optimizer adamw = AdamW.over(vit.trainable(), 1e-4)) { ... }
 * }</pre>
 *
 * @param beta1 how much of the mean gradient stays each step
 * @param beta2 how much of the mean squared gradient stays each step
 * @param eps added to the root of the latter
 */
public record AdamW(double beta1, double beta2, double eps) implements UpdateRule {

  /** Betas 0.9 and 0.999, epsilon 1e-8, as in torch. */
  public static final AdamW DEFAULT = new AdamW(0.9, 0.999, 1e-8);

  /** What DeiT and BEiT decay weights by. */
  public static final double WEIGHT_DECAY = 0.05;

  private static final String MEAN = "exp_avg";
  private static final String VARIANCE = "exp_avg_sq";

  /**
   * {@return AdamW with the usual betas, and weight decay 0.05 on the weights of linear layers and
   * convolutions}
   *
   * @param parameters what to train, such as {@code vit.trainable()}
   * @param rate the base rate
   */
  public static Optimizer over(List<ViTParameter> parameters, double rate) {
    return builder()
        .groups(ParameterGroups.of(parameters).weightDecay(WEIGHT_DECAY))
        .rate(rate)
        .build();
  }

  /** {@return a builder with the usual betas} */
  public static Optimizer.Builder builder() {
    return Optimizer.by(DEFAULT);
  }

  @Override
  public Map<String, Shape> slots(ViTParameter parameter) {
    return Map.of(MEAN, parameter.shape(), VARIANCE, parameter.shape());
  }

  @Override
  public Set<String> momentumSlots() {
    return Set.of(MEAN);
  }

  @Override
  public void apply(Update u) {
    // The engine's operator adds epsilon to the root of the uncorrected mean square. Corrected the
    // same way as that mean square is, epsilon comes to stand where torch has it.
    // It takes the betas as floats, so the corrections must do so, too: 1 - 0.999f is off by 1e-5.
    double root = Math.sqrt(1 - Math.pow((float) beta2, u.step()));
    double corrected = u.rate() * root / (1 - Math.pow((float) beta1, u.step()));
    u.weight()
        .getNDArrayInternal()
        .adamUpdate(
            new NDList(u.weight(), u.gradient(), u.slot(MEAN), u.slot(VARIANCE)),
            new NDList(u.weight()),
            (float) u.rate(),
            (float) corrected,
            (float) u.weightDecay(),
            1,
            -1,
            (float) beta1,
            (float) beta2,
            (float) (eps * root),
            false,
            true);
  }
}
