package io.github.vit4j.config;

import io.github.vit4j.error.BadInputException;
import java.util.Locale;

/** Argument checks whose message is only formatted when the check fails. */
final class Check {

  private Check() {}

  static void require(boolean holds, String message, Object... args) {
    if (!holds) {
      throw new BadInputException(String.format(Locale.ROOT, message, args));
    }
  }
}
