package io.github.vit4j.finetune.schedule;

/**
 * The schedule of Scaling Vision Transformers (Zhai et al. 2021): {@code base / sqrt(1 + (t - w) /
 * scale)} after a warm-up of {@code w} steps. It knows no total, so a run can be prolonged; end it
 * with {@link Schedule#coolDown}.
 *
 * @param base the rate at the end of the warm-up
 * @param warmUp how the base rate is reached
 * @param timeScale how many steps count as one
 */
public record InverseSquareRoot(double base, WarmUp warmUp, double timeScale) implements Schedule {

  /** Checks the numbers. */
  public InverseSquareRoot {
    Rules.requireRate("the base rate", base);
    Rules.require(
        timeScale > 0 && timeScale < Double.POSITIVE_INFINITY,
        "the time scale is %s; give a positive number of steps",
        timeScale);
  }

  /**
   * {@return the schedule with a warm-up from zero}
   *
   * @param base the rate at the end of the warm-up
   * @param warmUpSteps how many steps the warm-up takes
   * @param timeScale how many steps count as one
   */
  public static InverseSquareRoot of(double base, long warmUpSteps, double timeScale) {
    return new InverseSquareRoot(base, new WarmUp(warmUpSteps, 0), timeScale);
  }

  @Override
  public double at(long step) {
    return warmUp.covers(step)
        ? warmUp.at(step, base)
        : base / Math.sqrt(1 + (step - warmUp.steps()) / timeScale);
  }
}
