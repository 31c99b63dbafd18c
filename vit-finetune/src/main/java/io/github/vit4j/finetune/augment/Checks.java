package io.github.vit4j.finetune.augment;

import io.github.vit4j.error.BadInputException;

/** What the settings of several transforms must satisfy. */
final class Checks {

  private Checks() {}

  static void probability(String what, double value) {
    range(what, value, 0, 1);
  }

  static void range(String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new BadInputException(
          "%s cannot be %s; give a number from %s to %s"
              .formatted(what, number(value), number(least), number(most)));
    }
  }

  static void size(int height, int width) {
    if (height < 1 || width < 1 || height > 16_384 || width > 16_384) {
      throw new BadInputException(
          "images cannot be made %d x %d (height x width); give 1 to 16384 for both"
              .formatted(height, width));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e9
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
