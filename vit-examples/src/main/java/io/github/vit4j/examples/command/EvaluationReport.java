package io.github.vit4j.examples.command;

import io.github.vit4j.finetune.evaluate.Accuracy;
import io.github.vit4j.finetune.evaluate.Evaluation;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation found, for programs.
 *
 * @param images that could be used
 * @param top1Correct of how many the true class came first
 * @param top5Correct of how many it came among the first five
 * @param top1Percent null if no image could be used
 * @param top5Percent null if no image could be used
 * @param imagesPerSecond decoding included
 * @param broken the images that could not be used
 */
public record EvaluationReport(
    int images,
    int top1Correct,
    int top5Correct,
    @Nullable Double top1Percent,
    @Nullable Double top5Percent,
    double imagesPerSecond,
    List<Broken> broken) {

  /**
   * A file that could not be used.
   *
   * @param file its path
   * @param problem what is wrong with it
   */
  public record Broken(String file, String problem) {}

  /** Copies the list. */
  public EvaluationReport {
    broken = List.copyOf(broken);
  }

  /**
   * {@return the report of an evaluation}
   *
   * @param found by it
   */
  public static EvaluationReport of(Evaluation found) {
    Accuracy accuracy = found.accuracy();
    boolean none = accuracy.images() == 0;
    return new EvaluationReport(
        accuracy.images(),
        accuracy.top1(),
        accuracy.top5(),
        none ? null : accuracy.top1Percent(),
        none ? null : accuracy.top5Percent(),
        found.imagesPerSecond(),
        found.unreadable().stream()
            .map(bad -> new Broken(bad.file().toString(), bad.problem()))
            .toList());
  }

  /**
   * Writes an evaluation for people.
   *
   * @param found by it
   * @param out where to
   */
  public static void print(Evaluation found, PrintWriter out) {
    Accuracy accuracy = found.accuracy();
    if (accuracy.images() > 0) {
      out.println(row("top-1", accuracy.top1Percent(), accuracy.top1(), accuracy.images()));
      out.println(row("top-5", accuracy.top5Percent(), accuracy.top5(), accuracy.images()));
    }
    if (!found.unreadable().isEmpty()) {
      out.println("broken  " + Texts.count(found.unreadable().size(), "image"));
    }
    double seconds = found.took().toMillis() / 1000.0;
    out.println(
        String.format(
            Locale.ROOT, "speed   %.1f images/s, %.1f s", found.imagesPerSecond(), seconds));
  }

  private static String row(String what, double percent, int correct, int images) {
    return String.format(
        Locale.ROOT,
        "%s  %6.2f %%  (%s of %s)",
        what,
        percent,
        Texts.count(correct),
        Texts.count(images, "image"));
  }
}
