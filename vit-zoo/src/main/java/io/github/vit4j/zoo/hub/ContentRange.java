package io.github.vit4j.zoo.hub;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which part of a file an answer holds.
 *
 * @param first its first byte's place
 * @param total bytes of the whole file, or -1 if the server does not say
 */
record ContentRange(long first, long total) {

  private static final Pattern FORM =
      Pattern.compile("bytes\\s+(\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  /** The header's content; empty if it makes no sense. */
  static Optional<ContentRange> parse(String header) {
    Matcher matcher = FORM.matcher(header.strip());
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long first = Long.parseLong(matcher.group(1));
    long last = Long.parseLong(matcher.group(2));
    long total = matcher.group(3).equals("*") ? -1 : Long.parseLong(matcher.group(3));
    // a part that ends early would leave a hole that nobody asks for again
    boolean good = first <= last && (total < 0 || last == total - 1);
    return good
        ? Optional.of(new ContentRange(first, total < 0 ? last + 1 : total))
        : Optional.empty();
  }
}
