package io.github.vit4j.examples.command;

import io.github.vit4j.compute.Precision;
import io.github.vit4j.error.BadInputException;

/** A precision by the word that the command line has for it. */
final class PrecisionOption {

  /** All of them, for messages. */
  static final String WORDS = "float32 or bfloat16";

  private PrecisionOption() {}

  static Precision parse(String word) {
    return switch (word) {
      case "float32" -> Precision.FLOAT32;
      case "bfloat16" -> Precision.BFLOAT16;
      default ->
          throw new BadInputException(
              "there is no precision '%s'; choose %s".formatted(word, WORDS));
    };
  }
}
