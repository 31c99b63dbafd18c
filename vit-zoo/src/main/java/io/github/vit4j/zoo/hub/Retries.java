package io.github.vit4j.zoo.hub;

import java.time.Duration;

/** Asks again as long as that may help. */
final class Retries {

  /** A question that may fail. */
  interface Attempt<T> {
    T run() throws Failure, InterruptedException;
  }

  private Retries() {}

  static <T> T run(String name, TransferOptions options, int retries, Attempt<T> attempt)
      throws Failure, InterruptedException {
    for (int failed = 1; ; failed++) {
      try {
        return attempt.run();
      } catch (Failure failure) {
        if (!failure.again() || failed > retries) {
          throw failure;
        }
        wait(name, options, failed, failure);
      }
    }
  }

  /** Waits as long as the server asks, or as our own patience says. */
  static void wait(String name, TransferOptions options, int failed, Failure failure)
      throws InterruptedException {
    Duration asked = failure.after();
    Duration wait = asked == null ? BackOff.before(failed, options) : asked;
    options.listener().retrying(Shown.text(name), String.valueOf(failure.getMessage()), wait);
    Thread.sleep(wait.toMillis());
  }
}
