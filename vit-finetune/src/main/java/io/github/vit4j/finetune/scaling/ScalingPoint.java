package io.github.vit4j.finetune.scaling;

import io.github.vit4j.error.BadInputException;

/**
 * A run that was measured.
 *
 * @param compute what it took, in any unit that all points share, above 0
 * @param error share of wrong answers, between 0 and 1
 * @param name what people call the run; may be empty
 */
public record ScalingPoint(double compute, double error, String name) {

  /** Refuses compute and errors that cannot be. */
  public ScalingPoint {
    String which = name.isEmpty() ? "" : " of '" + name + "'";
    if (!(compute > 0 && compute < Double.POSITIVE_INFINITY)) {
      throw new BadInputException(
          "the compute%s cannot be %s; give a number above 0, in one unit for all points"
              .formatted(which, compute));
    }
    if (!(error > 0 && error < 1)) {
      throw new BadInputException(
          "the error%s cannot be %s; give the share of wrong answers, above 0 and below 1 (not percent)"
              .formatted(which, error));
    }
  }

  /**
   * A run without a name.
   *
   * @param compute as above
   * @param error as above
   */
  public ScalingPoint(double compute, double error) {
    this(compute, error, "");
  }
}
