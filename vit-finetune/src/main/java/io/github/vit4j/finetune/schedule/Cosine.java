package io.github.vit4j.finetune.schedule;

/**
 * Half a cosine from the base rate down to the least one (Loshchilov and Hutter 2016), after a
 * warm-up that counts among the steps: {@code min + (base - min) (1 + cos(pi (t - w) / (total -
 * w))) / 2}. From {@code total} on the rate is the least one.
 *
 * @param base the rate at the end of the warm-up
 * @param min the rate at the end
 * @param warmUp how the base rate is reached
 * @param total the step at which the least rate is reached
 */
public record Cosine(double base, double min, WarmUp warmUp, long total) implements Schedule {

  /** Checks the numbers. */
  public Cosine {
    Rules.requireRate("the base rate", base);
    Rules.requireRate("the least rate", min);
    Rules.require(
        total > warmUp.steps(),
        "a cosine of %d steps in all has no room after a warm-up of %d",
        total,
        warmUp.steps());
  }

  /**
   * {@return a cosine down to zero without warm-up}
   *
   * @param base the rate of step 0
   * @param total the step at which zero is reached
   */
  public static Cosine of(double base, long total) {
    return new Cosine(base, 0, WarmUp.NONE, total);
  }

  /**
   * {@return the same with a warm-up from zero}
   *
   * @param steps how many of the steps it takes
   */
  public Cosine warmUp(long steps) {
    return warmUp(steps, 0);
  }

  /**
   * {@return the same with a warm-up}
   *
   * @param steps how many of the steps it takes
   * @param from the rate of step 0
   */
  public Cosine warmUp(long steps, double from) {
    return new Cosine(base, min, new WarmUp(steps, from), total);
  }

  /**
   * {@return the same with another last rate}
   *
   * @param least the rate at the end
   */
  public Cosine min(double least) {
    return new Cosine(base, least, warmUp, total);
  }

  @Override
  public double at(long step) {
    if (warmUp.covers(step)) {
      return warmUp.at(step, base);
    }
    double done = Math.min(1, (step - warmUp.steps()) / (double) (total - warmUp.steps()));
    return min + (base - min) * (1 + Math.cos(Math.PI * done)) / 2;
  }
}
