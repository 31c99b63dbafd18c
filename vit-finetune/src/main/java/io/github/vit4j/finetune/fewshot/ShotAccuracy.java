package io.github.vit4j.finetune.fewshot;

import java.util.List;

/**
 * How often a classifier from so many labels a class is right.
 *
 * @param shots training images a class, or {@link FewShot#ALL}
 * @param images training images in all
 * @param percents accuracy on the test images in percent, one for each draw of the training images
 */
public record ShotAccuracy(int shots, int images, List<Double> percents) {

  /** Copies the list. */
  public ShotAccuracy {
    percents = List.copyOf(percents);
  }

  /** {@return the mean of the draws} */
  public double mean() {
    return percents.stream().mapToDouble(p -> p).average().orElse(Double.NaN);
  }

  /** {@return the sample's standard deviation (n - 1) over the draws; 0 for a single one} */
  public double deviation() {
    double mean = mean();
    double squares = percents.stream().mapToDouble(p -> (p - mean) * (p - mean)).sum();
    return percents.size() < 2 ? 0 : Math.sqrt(squares / (percents.size() - 1));
  }
}
