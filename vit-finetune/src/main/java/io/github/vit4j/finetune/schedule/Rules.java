package io.github.vit4j.finetune.schedule;

import io.github.vit4j.error.BadInputException;

/** What the numbers of a schedule must fulfil. */
final class Rules {

  private Rules() {}

  static void require(boolean fulfilled, String otherwise, Object... values) {
    if (!fulfilled) {
      throw new BadInputException(otherwise.formatted(values));
    }
  }

  static void requireRate(String what, double rate) {
    require(
        rate >= 0 && rate < Double.POSITIVE_INFINITY,
        "%s is %s; give a finite number that is not negative",
        what,
        rate);
  }
}
