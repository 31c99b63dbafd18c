package io.github.vit4j.finetune.schedule;

/**
 * The learning rate of each step. A pure function: a resumed run asks for step 1234 and gets what
 * the interrupted run would have got.
 *
 * <pre>{@code
 * Schedule cosine = Cosine.of(1e-3, 20_000).warmUp(500).min(1e-5);
 * Schedule mine = step -> step < 100 ? 1e-3 : 1e-4;
 * }</pre>
 */
@FunctionalInterface
public interface Schedule {

  /**
   * {@return the rate of a step}
   *
   * @param step number of the step, from 0
   */
  double at(long step);

  /**
   * {@return this schedule, brought down to zero in a straight line over the last steps (Zhai et
   * al. 2021, Scaling Vision Transformers)}
   *
   * @param steps how many steps that takes
   * @param total the step at which zero is reached
   * @throws io.github.vit4j.error.BadInputException if {@code steps} does not lie within 1 and
   *     {@code total}
   */
  default Schedule coolDown(long steps, long total) {
    return new CoolDown(this, steps, total);
  }
}
