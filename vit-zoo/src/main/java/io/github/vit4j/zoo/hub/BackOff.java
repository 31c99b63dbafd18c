package io.github.vit4j.zoo.hub;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** How long to wait before asking again. */
final class BackOff {

  private BackOff() {}

  /** Doubled with each attempt, and varied so that many clients do not come back as one. */
  static Duration before(int attempt, TransferOptions options) {
    double factor =
        Math.pow(2, Math.min(attempt - 1, 30)) * ThreadLocalRandom.current().nextDouble(0.5, 1.5);
    double millis = options.firstWait().toMillis() * factor;
    return Duration.ofMillis((long) Math.min(millis, options.longestWait().toMillis()));
  }

  /** What a Retry-After header asks for: seconds or a date; nonsense asks for nothing. */
  static @Nullable Duration retryAfter(@Nullable String header, Instant now) {
    if (header == null) {
      return null;
    }
    String text = header.strip();
    try {
      if (!text.isEmpty()
          && text.length() <= 9
          && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
        return Duration.ofSeconds(Long.parseLong(text));
      }
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(now, then);
      return wait.isNegative() ? Duration.ZERO : wait;
    } catch (DateTimeException | ArithmeticException e) {
      return null;
    }
  }
}
