package io.github.vit4j.finetune.scaling;

import java.util.Locale;

/**
 * Error as a function of compute, {@code E = a (C + d)^-b + c}: the saturating power law of
 * "Scaling Vision Transformers" (Zhai et al. 2022, section 2.2).
 *
 * @param a scale, in units of compute to the power of b
 * @param b how fast the error falls: the slope in the middle of a log-log plot
 * @param c the error that no compute removes
 * @param d in units of compute: what bends the curve for small models, which do no worse than
 *     guessing
 */
public record ScalingLaw(double a, double b, double c, double d) {

  /**
   * {@return the error at some compute}
   *
   * @param compute at least 0, and above 0 if d is 0
   */
  public double error(double compute) {
    return a * Math.pow(compute + d, -b) + c;
  }

  /** {@return the formula with its numbers, to four digits} */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "E = %.4g (C + %.4g)^-%.4g + %.4g", a, d, b, c);
  }
}
