package io.github.vit4j.finetune.recipe;

import io.github.vit4j.error.BadInputException;

/**
 * The optimiser of a recipe, and how its learning rate goes.
 *
 * @param kind the optimiser
 * @param rate learning rate at its highest, for the recipe's batch, above 0
 * @param weightDecay of weights; biases and norms have none, at least 0
 * @param momentum of {@link OptimizerKind#SGD}, 0 to below 1; the others have their usual betas
 * @param clipNorm gradients of a larger norm are scaled down to it; 0 for none
 * @param schedule after the warm-up
 * @param warmupEpochs over which the rate rises linearly, at least 0
 * @param warmupRate where it rises from
 * @param finalRate where it ends
 * @param headDecay weight decay of the head's weights, at least 0
 * @param bfloat16Momentum whether the momentum is kept in bfloat16
 * @param timeScaleEpochs of {@link ScheduleKind#INVERSE_SQUARE_ROOT}, at least 0; 0 for as many as
 *     the warm-up, or 1 without one
 * @param cooldownEpochs at the end, over which the rate is brought to 0 linearly, at least 0
 */
public record Optimization(
    OptimizerKind kind,
    double rate,
    double weightDecay,
    double momentum,
    double clipNorm,
    ScheduleKind schedule,
    double warmupEpochs,
    double warmupRate,
    double finalRate,
    double headDecay,
    boolean bfloat16Momentum,
    double timeScaleEpochs,
    double cooldownEpochs) {

  /** Checks every value. */
  public Optimization {
    check("a learning rate", rate, rate > 0 && rate <= 1000, "above 0");
    check("a weight decay", weightDecay, weightDecay >= 0 && weightDecay <= 10, "from 0 to 10");
    check("a weight decay", headDecay, headDecay >= 0 && headDecay <= 10, "from 0 to 10");
    check("a momentum", momentum, momentum >= 0 && momentum < 1, "from 0 to below 1");
    check("a largest norm of gradients", clipNorm, clipNorm >= 0, "of 0 for none, or above");
    checkEpochs("a warm-up", warmupEpochs);
    checkEpochs("a time scale", timeScaleEpochs);
    checkEpochs("a cooldown", cooldownEpochs);
    check("a warm-up's rate", warmupRate, warmupRate >= 0 && warmupRate <= 1000, "of 0 or more");
    check("a final rate", finalRate, finalRate >= 0 && finalRate <= 1000, "of 0 or more");
    if (bfloat16Momentum && kind == OptimizerKind.SGD && momentum == 0) {
      throw new BadInputException(
          "SGD without momentum has none that could be kept in bfloat16; give it momentum, or leave that out");
    }
  }

  /**
   * An optimiser with one weight decay, float32 momentum and no cooldown.
   *
   * @param kind the optimiser
   * @param rate learning rate at its highest
   * @param weightDecay of all weights
   * @param momentum of SGD
   * @param clipNorm the largest norm of gradients; 0 for none
   * @param schedule after the warm-up
   * @param warmupEpochs over which the rate rises linearly
   * @param warmupRate where it rises from
   * @param finalRate where it ends
   */
  public Optimization(
      OptimizerKind kind,
      double rate,
      double weightDecay,
      double momentum,
      double clipNorm,
      ScheduleKind schedule,
      double warmupEpochs,
      double warmupRate,
      double finalRate) {
    this(
        kind,
        rate,
        weightDecay,
        momentum,
        clipNorm,
        schedule,
        warmupEpochs,
        warmupRate,
        finalRate,
        weightDecay,
        false,
        0,
        0);
  }

  private static void check(String what, double value, boolean possible, String range) {
    if (!possible) {
      throw new BadInputException(
          "%s of %s is not possible; give one %s".formatted(what, value, range));
    }
  }

  private static void checkEpochs(String what, double epochs) {
    check(what, epochs, epochs >= 0 && epochs <= 1e6, "of 0 or more epochs");
  }

  /**
   * {@return the same with all rates multiplied}
   *
   * @param factor above 0
   */
  public Optimization scaled(double factor) {
    return with(rate * factor, warmupRate * factor, finalRate * factor);
  }

  /**
   * {@return the same with another highest rate}
   *
   * @param rate above 0
   */
  public Optimization withRate(double rate) {
    return with(rate, warmupRate, finalRate);
  }

  /**
   * {@return the same with another rate at the end}
   *
   * @param finalRate 0 or more
   */
  public Optimization withFinalRate(double finalRate) {
    return with(rate, warmupRate, finalRate);
  }

  private Optimization with(double rate, double warmupRate, double finalRate) {
    return new Optimization(
        kind,
        rate,
        weightDecay,
        momentum,
        clipNorm,
        schedule,
        warmupEpochs,
        warmupRate,
        finalRate,
        headDecay,
        bfloat16Momentum,
        timeScaleEpochs,
        cooldownEpochs);
  }

  /**
   * {@return the same with another optimiser}
   *
   * @param kind which
   * @param bfloat16Momentum whether its momentum is kept in bfloat16
   */
  public Optimization withKind(OptimizerKind kind, boolean bfloat16Momentum) {
    return new Optimization(
        kind,
        rate,
        weightDecay,
        momentum,
        clipNorm,
        schedule,
        warmupEpochs,
        warmupRate,
        finalRate,
        headDecay,
        bfloat16Momentum,
        timeScaleEpochs,
        cooldownEpochs);
  }

  /**
   * {@return the same with another weight decay}
   *
   * @param body of all weights but the head's
   * @param head of the head's
   */
  public Optimization withWeightDecay(double body, double head) {
    return new Optimization(
        kind,
        rate,
        body,
        momentum,
        clipNorm,
        schedule,
        warmupEpochs,
        warmupRate,
        finalRate,
        head,
        bfloat16Momentum,
        timeScaleEpochs,
        cooldownEpochs);
  }

  /**
   * {@return the same with a rate that falls with the inverse square root of the steps}
   *
   * @param timeScaleEpochs epochs that count as one; 0 for as many as the warm-up takes, or 1
   *     without one
   */
  public Optimization withInverseSquareRoot(double timeScaleEpochs) {
    return new Optimization(
        kind,
        rate,
        weightDecay,
        momentum,
        clipNorm,
        ScheduleKind.INVERSE_SQUARE_ROOT,
        warmupEpochs,
        warmupRate,
        finalRate,
        headDecay,
        bfloat16Momentum,
        timeScaleEpochs,
        cooldownEpochs);
  }

  /**
   * {@return the same with a cooldown to 0 at the end}
   *
   * @param epochs it takes; 0 for none
   */
  public Optimization withCooldown(double epochs) {
    return new Optimization(
        kind,
        rate,
        weightDecay,
        momentum,
        clipNorm,
        schedule,
        warmupEpochs,
        warmupRate,
        finalRate,
        headDecay,
        bfloat16Momentum,
        timeScaleEpochs,
        epochs);
  }
}
