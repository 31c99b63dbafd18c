package io.github.vit4j.finetune.schedule;

/**
 * One rate for all steps after the warm-up.
 *
 * @param rate the rate
 * @param warmUp how the rate is reached
 */
public record Constant(double rate, WarmUp warmUp) implements Schedule {

  /** Checks the numbers. */
  public Constant {
    Rules.requireRate("the rate", rate);
  }

  /**
   * {@return one rate for all steps}
   *
   * @param rate the rate
   */
  public static Constant of(double rate) {
    return new Constant(rate, WarmUp.NONE);
  }

  /**
   * {@return the same, reached in a straight line from zero}
   *
   * @param steps how many steps that takes
   */
  public Constant warmUp(long steps) {
    return new Constant(rate, new WarmUp(steps, 0));
  }

  @Override
  public double at(long step) {
    return warmUp.covers(step) ? warmUp.at(step, rate) : rate;
  }
}
