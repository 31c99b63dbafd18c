package io.github.vit4j.examples.command;

import io.github.vit4j.finetune.train.EpochMetrics;
import io.github.vit4j.finetune.train.FineTuneResult;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to, for programs.
 *
 * @param run its folder
 * @param best the best epoch
 * @param epochs how many there were
 * @param stoppedEarly whether it ended before its time
 * @param secondsPerEpoch evaluation included
 * @param peakMemoryBytes of the process, where the system tells
 * @param broken images that were left out
 * @param notes what was said on the way
 */
public record FineTuneReport(
    String run,
    EpochMetrics best,
    int epochs,
    boolean stoppedEarly,
    double secondsPerEpoch,
    @Nullable Long peakMemoryBytes,
    List<String> broken,
    List<String> notes) {

  /** Copies the lists. */
  public FineTuneReport {
    broken = List.copyOf(broken);
    notes = List.copyOf(notes);
  }

  /**
   * {@return the report of a result}
   *
   * @param result may be closed
   */
  public static FineTuneReport of(FineTuneResult result) {
    return new FineTuneReport(
        result.folder().toString(),
        result.best(),
        result.epochs().size(),
        result.stoppedEarly(),
        result.secondsPerEpoch(),
        result.peakMemory().isPresent() ? result.peakMemory().getAsLong() : null,
        result.unreadable(),
        result.notes());
  }

  /**
   * Writes a result for people.
   *
   * @param result may be closed
   * @param out where to
   */
  public static void print(FineTuneResult result, PrintWriter out) {
    EpochMetrics best = result.best();
    List<EpochMetrics> epochs = result.epochs();
    int last = epochs.get(epochs.size() - 1).epoch();
    String end = result.stoppedEarly() ? "; no better since, so it stopped" : "";
    out.println(line("best epoch  %d of %d%s", best.epoch(), last, end));
    out.println(line("top-1       %6.2f %%", best.top1()));
    out.println(line("top-5       %6.2f %%", best.top5()));
    out.println(line("mean class  %6.2f %%", best.meanClass()));
    out.println(line("time        %.1f s an epoch", result.secondsPerEpoch()));
    result
        .peakMemory()
        .ifPresent(bytes -> out.println(line("memory      %.0f MiB at most", bytes / 1048576.0)));
    if (!result.unreadable().isEmpty()) {
      out.println("broken      " + Texts.count(result.unreadable().size(), "image") + " left out");
    }
    out.println("model       " + result.folder().resolve("best.safetensors"));
    out.println("task file   " + result.task());
    out.println("run         " + result.folder());
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
