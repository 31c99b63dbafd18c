package io.github.vit4j.finetune.schedule;

/**
 * The rate times a factor every so many steps: {@code base factor^floor(t / every)}, as torch's
 * StepLR and timm's step schedule. Steps are counted from the start, those of the warm-up included.
 *
 * @param base the first rate
 * @param factor what the rate is multiplied by
 * @param every after how many steps
 * @param warmUp how the base rate is reached
 */
public record StepDecay(double base, double factor, long every, WarmUp warmUp) implements Schedule {

  /** Checks the numbers. */
  public StepDecay {
    Rules.requireRate("the base rate", base);
    Rules.requireRate("the factor", factor);
    Rules.require(every >= 1, "the rate falls every %d steps; give at least 1", every);
  }

  /**
   * {@return a step schedule without warm-up}
   *
   * @param base the first rate
   * @param factor what the rate is multiplied by
   * @param every after how many steps
   */
  public static StepDecay of(double base, double factor, long every) {
    return new StepDecay(base, factor, every, WarmUp.NONE);
  }

  /**
   * {@return the same with a warm-up from zero}
   *
   * @param steps how many of the steps it takes
   */
  public StepDecay warmUp(long steps) {
    return new StepDecay(base, factor, every, new WarmUp(steps, 0));
  }

  @Override
  public double at(long step) {
    return warmUp.covers(step)
        ? warmUp.at(step, base)
        : base * Math.pow(factor, Math.floorDiv(step, every));
  }
}
