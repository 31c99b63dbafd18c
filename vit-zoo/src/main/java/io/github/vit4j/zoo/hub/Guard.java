package io.github.vit4j.zoo.hub;

import io.github.vit4j.zoo.hub.HubException.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.Objects;

/** Everything that can go wrong, as the one exception that callers see. */
final class Guard {

  /** What is to be done. */
  interface Step<T> {
    T run() throws Failure, InterruptedException, IOException;
  }

  private Guard() {}

  static <T> T run(String what, Path folder, Step<T> step) {
    try {
      return unwrapped(step);
    } catch (Failure failure) {
      throw failure.asException(Shown.text(what));
    } catch (InterruptedException | ClosedByInterruptException e) {
      Thread.currentThread().interrupt();
      throw new HubException(
          Reason.INTERRUPTED,
          0,
          "fetching " + Shown.text(what) + " was interrupted; what came is kept for the next time",
          e);
    } catch (IOException e) {
      throw new HubException(
          Reason.DISK,
          0,
          "cannot fetch "
              + Shown.text(what)
              + ": "
              + folder
              + " cannot be read or written: "
              + e
              + "; make room or give this user the right to write there",
          e);
    }
  }

  /** Streams over files report what they meet on their way as unchecked exceptions. */
  private static <T> T unwrapped(Step<T> step) throws Failure, InterruptedException, IOException {
    try {
      return step.run();
    } catch (UncheckedIOException e) {
      throw Objects.requireNonNull(e.getCause());
    }
  }
}
