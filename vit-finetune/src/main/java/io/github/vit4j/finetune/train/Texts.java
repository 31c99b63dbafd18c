package io.github.vit4j.finetune.train;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them. */
final class Texts {

  private Texts() {}

  static String line(EpochMetrics m, boolean best) {
    return String.format(
        Locale.ROOT,
        "epoch %d: loss %.4f, training top-1 %.2f %%, validation loss %.4f, top-1 %.2f %%, top-5 %.2f %%, mean class %.2f %%, %.1f images/s, %.1f s%s",
        m.epoch(),
        m.trainLoss(),
        m.trainTop1(),
        m.loss(),
        m.top1(),
        m.top5(),
        m.meanClass(),
        m.imagesPerSecond(),
        m.seconds(),
        best ? ", best so far" : "");
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
