package io.github.vit4j.finetune.schedule;

/**
 * A straight line from a small rate up to the base rate.
 *
 * @param steps how many steps it takes; 0 for none
 * @param from the rate of step 0
 */
public record WarmUp(long steps, double from) {

  /** No warm-up. */
  public static final WarmUp NONE = new WarmUp(0, 0);

  /** Checks the numbers. */
  public WarmUp {
    Rules.require(steps >= 0, "warm-up takes %d steps; give 0 or more", steps);
    Rules.requireRate("the rate that warm-up starts from", from);
  }

  boolean covers(long step) {
    return step < steps;
  }

  double at(long step, double base) {
    return from + (base - from) * step / steps;
  }
}
