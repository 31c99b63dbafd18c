package io.github.vit4j.zoo.hub;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One line on a terminal, drawn over itself.
 *
 * <p>A listener serves every thread that downloads; the bar belongs to the thread whose download
 * took it first, and others stay silent.
 */
final class ProgressBar {

  private static final long QUIET_NANOS = 2_000_000_000L;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final int NAME_WIDTH = 28;
  private static final int BAR_WIDTH = 20;

  private final @Nullable PrintStream out;
  private final LongSupplier nanos;
  private @Nullable Thread owner;
  private long started;
  private long drawn;
  private int width;

  ProgressBar(@Nullable PrintStream out, LongSupplier nanos) {
    this.out = out;
    this.nanos = nanos;
  }

  static ProgressBar none() {
    return new ProgressBar(null, System::nanoTime);
  }

  static ProgressBar onTerminal() {
    return new ProgressBar(hasTerminal() ? System.err : null, System::nanoTime);
  }

  synchronized void start(Transfer transfer) {
    if (out != null && (owner == null || !owner.isAlive() || owner == Thread.currentThread())) {
      owner = Thread.currentThread();
      started = nanos.getAsLong();
      drawn = started;
    }
  }

  synchronized void advance(Transfer transfer) {
    if (out == null || owner != Thread.currentThread()) {
      return;
    }
    long now = nanos.getAsLong();
    if (now - started >= QUIET_NANOS && now - drawn >= REDRAW_NANOS) {
      drawn = now;
      String line = line(transfer, now - started);
      out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
      out.flush();
      width = line.length();
    }
  }

  synchronized void end() {
    if (out != null && owner == Thread.currentThread()) {
      owner = null;
      if (width > 0) {
        out.print("\r" + " ".repeat(width) + "\r");
        out.flush();
        width = 0;
      }
    }
  }

  private static String line(Transfer at, long nanos) {
    String name = at.name();
    if (name.length() > NAME_WIDTH) {
      name = "..." + name.substring(name.length() - NAME_WIDTH + 3);
    }
    String rate = Shown.bytes(Math.round((at.bytes() - at.resumedFrom()) * 1e9 / nanos)) + "/s";
    if (at.total() <= 0) {
      return name + " " + Shown.bytes(at.bytes()) + ", " + rate;
    }
    double part = Math.min(1, (double) at.bytes() / at.total());
    int full = (int) (part * BAR_WIDTH);
    return String.format(
        Locale.ROOT,
        "%s [%s%s] %3d%% of %s, %s",
        name,
        "=".repeat(full),
        " ".repeat(BAR_WIDTH - full),
        (int) (part * 100),
        Shown.bytes(at.total()),
        rate);
  }

  private static boolean hasTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      // since 22 there is a console without a terminal, too, and this method to tell
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
