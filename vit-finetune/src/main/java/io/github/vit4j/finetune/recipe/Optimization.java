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
    double finalRate) {

  /** Checks every value. */
  public Optimization {
    check("a learning rate", rate, rate > 0 && rate <= 1000, "above 0");
    check("a weight decay", weightDecay, weightDecay >= 0 && weightDecay <= 10, "from 0 to 10");
    check("a momentum", momentum, momentum >= 0 && momentum < 1, "from 0 to below 1");
    check("a largest norm of gradients", clipNorm, clipNorm >= 0, "of 0 for none, or above");
    check(
        "a warm-up", warmupEpochs, warmupEpochs >= 0 && warmupEpochs <= 1e6, "of 0 or more epochs");
    check("a warm-up's rate", warmupRate, warmupRate >= 0 && warmupRate <= 1000, "of 0 or more");
    check("a final rate", finalRate, finalRate >= 0 && finalRate <= 1000, "of 0 or more");
  }

  private static void check(String what, double value, boolean possible, String range) {
    if (!possible) {
      throw new BadInputException(
          "%s of %s is not possible; give one %s".formatted(what, value, range));
    }
  }

  /**
   * {@return the same with all rates multiplied}
   *
   * @param factor above 0
   */
  public Optimization scaled(double factor) {
    return new Optimization(
        kind,
        rate * factor,
        weightDecay,
        momentum,
        clipNorm,
        schedule,
        warmupEpochs,
        warmupRate * factor,
        finalRate * factor);
  }

  /**
   * {@return the same with another highest rate}
   *
   * @param rate above 0
   */
  public Optimization withRate(double rate) {
    return new Optimization(
        kind, rate, weightDecay, momentum, clipNorm, schedule, warmupEpochs, warmupRate, finalRate);
  }

  /**
   * {@return the same with another rate at the end}
   *
   * @param finalRate 0 or more
   */
  public Optimization withFinalRate(double finalRate) {
    return new Optimization(
        kind, rate, weightDecay, momentum, clipNorm, schedule, warmupEpochs, warmupRate, finalRate);
  }
}
