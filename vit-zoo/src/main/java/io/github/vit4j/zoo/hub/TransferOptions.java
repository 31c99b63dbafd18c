package io.github.vit4j.zoo.hub;

import io.github.vit4j.error.BadInputException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * How patient downloads are. {@link #defaults} serves nearly everyone; each {@code with} gives a
 * copy that differs in one point.
 *
 * @param retries further attempts after one that failed without bringing anything new; default 5
 * @param firstWait before the first further attempt; doubles each time, varied by half; default 0.5
 *     s
 * @param longestWait the longest wait between attempts; a server that asks (Retry-After) for a
 *     longer one is not asked again; default 60 s
 * @param answerTimeout until the head of an answer to a question about a file has come, connecting
 *     included; default 10 s
 * @param stallTimeout the longest pause in a download, its beginning included; default 10 s
 * @param slowestRate bytes per second, averaged over {@code rateWindow}, below which a download is
 *     broken off and resumed; default 1024
 * @param rateWindow see {@code slowestRate}; default 60 s
 * @param maximumBytes what no file may exceed; default 50 GB
 * @param redirects the most redirects that are followed for one answer; default 10
 * @param listener told about each download
 */
public record TransferOptions(
    int retries,
    Duration firstWait,
    Duration longestWait,
    Duration answerTimeout,
    Duration stallTimeout,
    long slowestRate,
    Duration rateWindow,
    long maximumBytes,
    int redirects,
    TransferListener listener) {

  private static final Duration TEN_SECONDS = Duration.ofSeconds(10);

  /**
   * @throws BadInputException if a count is negative or a time is not positive
   */
  public TransferOptions {
    Objects.requireNonNull(listener, "listener");
    requireCount("retries", retries);
    requireCount("redirects", redirects);
    requireCount("slowestRate", slowestRate);
    requireCount("maximumBytes", maximumBytes);
    requireTime("firstWait", firstWait);
    requireTime("longestWait", longestWait);
    requireTime("answerTimeout", answerTimeout);
    requireTime("stallTimeout", stallTimeout);
    requireTime("rateWindow", rateWindow);
  }

  /** The defaults named above, with {@link TransferListener#standard}. */
  public static TransferOptions defaults() {
    return new TransferOptions(
        5,
        Duration.ofMillis(500),
        Duration.ofSeconds(60),
        TEN_SECONDS,
        TEN_SECONDS,
        1024,
        Duration.ofSeconds(60),
        50_000_000_000L,
        10,
        TransferListener.standard());
  }

  /**
   * The defaults with what the environment says: {@code HF_HUB_ETAG_TIMEOUT} and {@code
   * HF_HUB_DOWNLOAD_TIMEOUT} in seconds, {@code HF_HUB_DISABLE_PROGRESS_BARS}.
   */
  public static TransferOptions fromEnvironment() {
    return fromEnvironment(Environment.ofProcess());
  }

  static TransferOptions fromEnvironment(Environment environment) {
    TransferOptions options = defaults();
    TransferListener listener =
        environment.isTrue("HF_HUB_DISABLE_PROGRESS_BARS")
            ? TransferListener.logging()
            : options.listener();
    return options
        .withAnswerTimeout(environment.seconds("HF_HUB_ETAG_TIMEOUT", TEN_SECONDS))
        .withStallTimeout(environment.seconds("HF_HUB_DOWNLOAD_TIMEOUT", TEN_SECONDS))
        .withListener(listener);
  }

  /** A copy with other {@code retries}. */
  public TransferOptions withRetries(int count) {
    return copy(copy -> copy.retries = count);
  }

  /** A copy with other waits between attempts. */
  public TransferOptions withWaits(Duration first, Duration longest) {
    return copy(
        copy -> {
          copy.firstWait = first;
          copy.longestWait = longest;
        });
  }

  /** A copy with another {@code answerTimeout}. */
  public TransferOptions withAnswerTimeout(Duration time) {
    return copy(copy -> copy.answerTimeout = time);
  }

  /** A copy with another {@code stallTimeout}. */
  public TransferOptions withStallTimeout(Duration time) {
    return copy(copy -> copy.stallTimeout = time);
  }

  /** A copy with another slowest rate, in bytes per second over the window. */
  public TransferOptions withSlowestRate(long bytesPerSecond, Duration window) {
    return copy(
        copy -> {
          copy.slowestRate = bytesPerSecond;
          copy.rateWindow = window;
        });
  }

  /** A copy with another {@code maximumBytes}. */
  public TransferOptions withMaximumBytes(long bytes) {
    return copy(copy -> copy.maximumBytes = bytes);
  }

  /** A copy with other {@code redirects}. */
  public TransferOptions withRedirects(int most) {
    return copy(copy -> copy.redirects = most);
  }

  /** A copy with another listener. */
  public TransferOptions withListener(TransferListener other) {
    return copy(copy -> copy.listener = other);
  }

  private TransferOptions copy(Consumer<Copy> change) {
    Copy copy = new Copy(this);
    change.accept(copy);
    return new TransferOptions(
        copy.retries,
        copy.firstWait,
        copy.longestWait,
        copy.answerTimeout,
        copy.stallTimeout,
        copy.slowestRate,
        copy.rateWindow,
        copy.maximumBytes,
        copy.redirects,
        copy.listener);
  }

  /** The same values, which may be changed. */
  private static final class Copy {

    private int retries;
    private Duration firstWait;
    private Duration longestWait;
    private Duration answerTimeout;
    private Duration stallTimeout;
    private long slowestRate;
    private Duration rateWindow;
    private long maximumBytes;
    private int redirects;
    private TransferListener listener;

    private Copy(TransferOptions options) {
      retries = options.retries;
      firstWait = options.firstWait;
      longestWait = options.longestWait;
      answerTimeout = options.answerTimeout;
      stallTimeout = options.stallTimeout;
      slowestRate = options.slowestRate;
      rateWindow = options.rateWindow;
      maximumBytes = options.maximumBytes;
      redirects = options.redirects;
      listener = options.listener;
    }
  }

  private static void requireCount(String name, long count) {
    if (count < 0) {
      throw new BadInputException(name + " is " + count + "; it must not be negative");
    }
  }

  private static void requireTime(String name, Duration time) {
    Objects.requireNonNull(time, name);
    if (time.isNegative() || time.isZero()) {
      throw new BadInputException(name + " is " + time + "; it must be more than nothing");
    }
  }
}
