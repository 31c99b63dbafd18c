package io.github.vit4j.examples.sweep;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers as they stand in names of runs and in messages. */
final class Names {

  private static final MathContext DIGITS = new MathContext(4);

  private Names() {}

  /** {@return a number without needless zeros, never with an exponent} */
  static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }

  /** {@return the same with at most four digits that count} */
  static String brief(double value) {
    return BigDecimal.valueOf(value).round(DIGITS).stripTrailingZeros().toPlainString();
  }
}
