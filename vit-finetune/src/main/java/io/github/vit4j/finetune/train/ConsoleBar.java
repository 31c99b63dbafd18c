package io.github.vit4j.finetune.train;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;

/**
 * One line on a terminal, drawn over itself: epoch, loss, accuracy, images a second and the time
 * that is left. Epochs' results and notes stay above it.
 */
public final class ConsoleBar implements TrainListener {

  private static final long REDRAW_NANOS = 100_000_000L;
  private static final int BAR_WIDTH = 20;

  private final PrintStream out;
  private long drawn;
  private int width;

  /**
   * @param out a terminal
   */
  public ConsoleBar(PrintStream out) {
    this.out = out;
  }

  /** {@return a bar on standard error if a person is watching, else a listener without effect} */
  public static TrainListener ifTerminal() {
    return hasTerminal() ? new ConsoleBar(System.err) : TrainListener.NONE;
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

  @Override
  public void began(RunPlan plan) {
    say(
        String.format(
            Locale.ROOT,
            "%d training images, %s%s epochs of %d steps, %.1f %% of %.1f million parameters move%s",
            plan.trainImages(),
            plan.validationImages() == 0 ? "" : plan.validationImages() + " validation images, ",
            plan.isEndless() ? "endless" : plan.epochs(),
            plan.stepsPerEpoch(),
            100.0 * plan.trained() / plan.parameters(),
            plan.parameters() / 1e6,
            plan.stepsDone() == 0 ? "" : "; going on after step " + plan.stepsDone()));
  }

  @Override
  public void step(StepMetrics m) {
    if (isDue()) {
      int steps = m.plan().stepsPerEpoch();
      long inEpoch = m.step() - (m.epoch() - 1L) * steps;
      draw(
          String.format(
              Locale.ROOT,
              "epoch %d%s [%s] loss %.3f  %s%.1f images/s%s",
              m.epoch(),
              m.plan().isEndless() ? "" : "/" + m.plan().epochs(),
              bar((double) inEpoch / steps),
              m.loss(),
              Texts.number("top-1 %.1f%%  ", m.top1Percent()),
              m.imagesPerSecond(),
              m.plan().isEndless() ? "" : "  " + Texts.duration(m.left()) + " left"));
    }
  }

  @Override
  public void evaluated(int done, int total) {
    if (isDue()) {
      draw("evaluating [" + bar((double) done / total) + "]");
    }
  }

  @Override
  public void epoch(EpochMetrics metrics, boolean best) {
    say(Texts.line(metrics, best));
  }

  @Override
  public void note(String text) {
    say(text);
  }

  @Override
  public void ended() {
    clear();
    out.flush();
  }

  private boolean isDue() {
    long now = System.nanoTime();
    if (now - drawn < REDRAW_NANOS) {
      return false;
    }
    drawn = now;
    return true;
  }

  private static String bar(double part) {
    int full = (int) (Math.min(1, part) * BAR_WIDTH);
    return "=".repeat(full) + " ".repeat(BAR_WIDTH - full);
  }

  private void draw(String line) {
    out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
    out.flush();
    width = line.length();
  }

  private void say(String line) {
    clear();
    out.println(line);
  }

  private void clear() {
    if (width > 0) {
      out.print("\r" + " ".repeat(width) + "\r");
      width = 0;
    }
  }
}
