package io.github.vit4j.finetune.data;

import java.time.Duration;
import java.util.Locale;

/**
 * What a loader has done since it began, or since {@link BatchLoader#resetStats}.
 *
 * @param batches that were handed out
 * @param images in them
 * @param waited how long the caller stood still in {@link BatchLoader#next}
 * @param elapsed since the beginning
 * @param worked what the workers spent on decoding and augmenting, all together
 * @param prepared images that the workers have finished, whether handed out yet or not
 */
public record LoaderStats(
    long batches, long images, Duration waited, Duration elapsed, Duration worked, long prepared) {

  /** {@return images handed out a second} */
  public double imagesPerSecond() {
    return images / Math.max(1e-9, elapsed.toNanos() / 1e9);
  }

  /** {@return images a second that one worker can prepare when nothing else runs on its core} */
  public double imagesPerWorkerSecond() {
    return prepared / Math.max(1e-9, worked.toNanos() / 1e9);
  }

  /** {@return the part of the time that the caller waited, 0 to 1} */
  public double waitedShare() {
    return waited.toNanos() / (double) Math.max(1, elapsed.toNanos());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%d batches, %d images, %.1f images/s, waited %.3f s of %.1f s (%.2f %%), %.1f images/s a worker",
        batches,
        images,
        imagesPerSecond(),
        waited.toNanos() / 1e9,
        elapsed.toNanos() / 1e9,
        100 * waitedShare(),
        imagesPerWorkerSecond());
  }
}
