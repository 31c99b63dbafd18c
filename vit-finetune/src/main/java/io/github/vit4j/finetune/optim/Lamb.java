package io.github.vit4j.finetune.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.model.ViTParameter;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * LAMB (You et al. 2019), as timm's {@code Lamb}: Adam's direction plus weight decay, scaled for
 * each parameter by the ratio of its own norm to the direction's.
 *
 * @param beta1 how much of the mean gradient stays each step
 * @param beta2 how much of the mean squared gradient stays each step
 * @param eps added to the root of the latter
 * @param trustClip whether the ratio is at most 1
 * @param alwaysAdapt whether parameters without weight decay are scaled, too
 */
public record Lamb(double beta1, double beta2, double eps, boolean trustClip, boolean alwaysAdapt)
    implements UpdateRule {

  /** Betas 0.9 and 0.999, epsilon 1e-6, no clip, decayed parameters only, as in timm. */
  public static final Lamb DEFAULT = new Lamb(0.9, 0.999, 1e-6, false, false);

  /** What Three things everyone should know about ViTs decays weights by. */
  public static final double WEIGHT_DECAY = 0.02;

  private static final String MEAN = "exp_avg";
  private static final String VARIANCE = "exp_avg_sq";

  /**
   * {@return LAMB with gradients clipped to norm 1 and weight decay 0.02 on the weights of linear
   * layers and convolutions}
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

  /** {@return a builder with the usual betas and gradients clipped to norm 1, as in timm} */
  public static Optimizer.Builder builder() {
    return Optimizer.by(DEFAULT).clipNorm(1);
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
    NDArray gradient = u.gradient();
    NDArray mean = u.slot(MEAN);
    NDArray variance = u.slot(VARIANCE);
    variance.muli((float) beta2).addi(gradient.square().muli((float) (1 - beta2)));
    mean.muli((float) beta1).addi(gradient.muli((float) (1 - beta1)));

    double correction1 = 1 - Math.pow(beta1, u.step());
    double correction2 = 1 - Math.pow(beta2, u.step());
    NDArray root = variance.sqrt().divi((float) Math.sqrt(correction2)).addi((float) eps);
    NDArray direction = mean.div((float) correction1).divi(root);
    if (u.weightDecay() != 0) {
      direction.addi(u.weight().mul((float) u.weightDecay()));
    }
    double trust = u.weightDecay() != 0 || alwaysAdapt ? trust(u.weight(), direction) : 1;
    u.weight().subi(direction.muli((float) (u.rate() * trust)));
  }

  private double trust(NDArray weight, NDArray direction) {
    double weightNorm = weight.norm().getFloat();
    double directionNorm = direction.norm().getFloat();
    double ratio = weightNorm > 0 && directionNorm > 0 ? weightNorm / directionNorm : 1;
    return trustClip ? Math.min(1, ratio) : ratio;
  }
}
