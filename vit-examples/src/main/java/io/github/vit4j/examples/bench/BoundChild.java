package io.github.vit4j.examples.bench;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A process that does not outlive this one, however this one is told to end. */
final class BoundChild implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  private final Thread hook = new Thread(this::end, "vit-child");
  private @Nullable Process process;
  private boolean ending;

  private BoundChild() {}

  /**
   * Starts it.
   *
   * @throws InterruptedIOException if this process is ending already
   */
  static BoundChild start(ProcessBuilder builder) throws IOException {
    BoundChild child = new BoundChild();
    try {
      // before the start: between a start and a hook this process could be gone
      Runtime.getRuntime().addShutdownHook(child.hook);
    } catch (IllegalStateException e) {
      throw ending(e);
    }
    try {
      child.begin(builder);
    } catch (IOException e) {
      child.close();
      throw e;
    }
    return child;
  }

  private static InterruptedIOException ending(@Nullable Throwable cause) {
    InterruptedIOException ending = new InterruptedIOException("the program is ending");
    ending.initCause(cause);
    return ending;
  }

  private synchronized void begin(ProcessBuilder builder) throws IOException {
    if (ending) {
      throw ending(null);
    }
    process = builder.start();
  }

  private synchronized @Nullable Process last() {
    ending = true;
    return process;
  }

  /** {@return the running process} */
  synchronized Process process() {
    if (process == null) {
      throw new IllegalStateException("the process was not started");
    }
    return process;
  }

  /** Ends it, with time for a checkpoint. */
  private void end() {
    Process running = last();
    if (running == null) {
      return;
    }
    running.destroy();
    try {
      if (!running.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        running.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets go of it; it has ended, or ends with this process. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      end(); // this process is ending already
    }
  }
}
