package io.github.vit4j.examples.command;

import io.github.vit4j.finetune.evaluate.Progress;
import java.time.Duration;
import java.util.Timer;
import java.util.TimerTask;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error that shows up only if the work takes over two seconds. */
public final class ProgressLine implements Progress, AutoCloseable {

  private static final long PATIENCE_MILLIS = 2000;

  /** The launcher knows whether standard error is a terminal; Java cannot tell. */
  private static final String TERMINAL = "vit.stderr.terminal";

  private final long start = System.nanoTime();
  private final Timer timer = new Timer("vit-progress", true);
  private @Nullable ProgressBar bar;
  private int done;
  private boolean closed;

  /**
   * A bar that counts images.
   *
   * @param what is going on
   * @param total how many images there are
   * @param unicode whether the terminal knows block characters
   */
  public ProgressLine(String what, int total, boolean unicode) {
    this(what, total, "images", unicode);
  }

  /**
   * A bar that counts things.
   *
   * @param what is going on
   * @param total how many things there are
   * @param unit what they are called
   * @param unicode whether the terminal knows block characters
   */
  public ProgressLine(String what, int total, String unit, boolean unicode) {
    if (!onTerminal()) {
      return;
    }
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            show(what, total, unit, unicode);
          }
        },
        PATIENCE_MILLIS);
  }

  /** {@return whether a person is watching standard error} */
  public static boolean onTerminal() {
    String told = System.getProperty(TERMINAL);
    return told == null ? System.console() != null : Boolean.parseBoolean(told);
  }

  /** Begins to draw, unless the work is over: the timer's thread may have waited for its end. */
  synchronized void show(String what, int total, String unit, boolean unicode) {
    if (closed) {
      return;
    }
    ProgressBar shown =
        new ProgressBarBuilder()
            .setTaskName(what)
            .setInitialMax(total)
            .setStyle(unicode ? ProgressBarStyle.UNICODE_BLOCK : ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(250)
            .setUnit(" " + unit, 1)
            .showSpeed()
            .startsFrom(0, Duration.ofNanos(System.nanoTime() - start))
            .clearDisplayOnFinish()
            .build();
    bar = shown.stepTo(done);
  }

  synchronized boolean isShown() {
    return bar != null;
  }

  @Override
  public synchronized void at(int done, int total) {
    this.done = done;
    if (bar != null) {
      bar.maxHint(total);
      bar.stepTo(done);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    timer.cancel();
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
