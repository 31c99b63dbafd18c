package io.github.vit4j.finetune.train;

import java.time.Duration;

/** How fast it goes lately, and how long it will take. */
final class Pace {

  private static final double STAYS = 0.95;

  private double secondsPerStep;
  private double imagesPerSecond;
  private double evaluation;
  private int steps;

  void step(double seconds, long images) {
    // the first steps warm caches and compilers up, and count less the more there are
    double stays = Math.min(STAYS, steps / (steps + 1.0));
    secondsPerStep = stays * secondsPerStep + (1 - stays) * seconds;
    imagesPerSecond = stays * imagesPerSecond + (1 - stays) * images / Math.max(1e-9, seconds);
    steps++;
  }

  void evaluation(double seconds) {
    evaluation = seconds;
  }

  double imagesPerSecond() {
    return imagesPerSecond;
  }

  Duration left(long steps, long epochs) {
    double seconds = steps * secondsPerStep + epochs * evaluation;
    return Duration.ofMillis((long) (1000 * seconds));
  }
}
