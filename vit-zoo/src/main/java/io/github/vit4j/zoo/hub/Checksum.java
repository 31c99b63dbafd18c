package io.github.vit4j.zoo.hub;

import io.github.vit4j.error.BadInputException;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The SHA-256 that a file must have, or how it must begin.
 *
 * @param sha256 8 to 64 hexadecimal digits in lower case; fewer than 64 are a prefix
 */
public record Checksum(String sha256) {

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{8,64}");

  /**
   * @throws BadInputException if it is anything but 8 to 64 hexadecimal digits
   */
  public Checksum {
    sha256 = Objects.requireNonNull(sha256, "sha256").toLowerCase(Locale.ROOT);
    if (!HEX.matcher(sha256).matches()) {
      throw new BadInputException(
          "'"
              + Shown.text(sha256)
              + "' is no SHA-256; give its 64 hexadecimal digits, or the first 8 or more of them");
    }
  }

  /** A whole SHA-256 or the beginning of one, in either case. */
  public static Checksum sha256(String hex) {
    return new Checksum(hex);
  }
}
