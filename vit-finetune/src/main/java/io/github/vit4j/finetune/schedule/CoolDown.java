package io.github.vit4j.finetune.schedule;

/**
 * Another schedule times a factor that falls from 1 to 0 in a straight line at the end.
 *
 * @param before the schedule to bring down
 * @param steps how many steps that takes
 * @param total the step at which zero is reached
 */
public record CoolDown(Schedule before, long steps, long total) implements Schedule {

  /** Checks the numbers. */
  public CoolDown {
    Rules.require(steps >= 1, "cooldown takes %d steps; give at least 1", steps);
    Rules.require(
        steps <= total, "cooldown of %d steps is longer than the run of %d", steps, total);
  }

  @Override
  public double at(long step) {
    double left = Math.max(0, total - step) / (double) steps;
    return before.at(step) * Math.min(1, left);
  }
}
