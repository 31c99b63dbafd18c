package io.github.vit4j.finetune.train;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Texts {

  private Texts() {}

  static String line(EpochMetrics m, boolean best) {
    return "epoch %d".formatted(m.epoch())
        + number(": loss %.4f", m.trainLoss())
        + number(", training top-1 %.2f %%", m.trainTop1())
        + number(", validation loss %.4f", m.loss())
        + number(", top-1 %.2f %%", m.top1())
        + number(", top-5 %.2f %%", m.top5())
        + number(", mean class %.2f %%", m.meanClass())
        + number(", %.1f images/s", m.imagesPerSecond())
        + number(", %.1f s", m.seconds())
        + (best ? ", best so far" : "");
  }

  /** Nothing where there is no number. */
  static String number(String format, double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
  }

  static String duration(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? "%d min %02d s".formatted(seconds / 60, seconds % 60)
        : "%d h %02d min".formatted(seconds / 3600, seconds % 3600 / 60);
  }
}
