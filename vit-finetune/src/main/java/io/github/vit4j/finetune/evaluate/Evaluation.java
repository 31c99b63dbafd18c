package io.github.vit4j.finetune.evaluate;

import java.time.Duration;
import java.util.List;

/**
 * What an evaluation found.
 *
 * @param accuracy over the images that could be used
 * @param unreadable the files that could not, with the reason
 * @param took from the first file to the last result
 */
public record Evaluation(Accuracy accuracy, List<UnreadableImage> unreadable, Duration took) {

  /** Copies the list. */
  public Evaluation {
    unreadable = List.copyOf(unreadable);
  }

  /** {@return images a second, decoding included} */
  public double imagesPerSecond() {
    return accuracy.images() / Math.max(1e-9, took.toNanos() / 1e9);
  }
}
