package io.github.vit4j.finetune.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an epoch came to. Percentages run from 0 to 100. What a run does not measure is not a
 * number: pre-training has no validation images, and only where it predicts tokens is it right or
 * wrong.
 *
 * @param epoch from 1
 * @param rate learning rate of its last step
 * @param trainLoss mean over its training images
 * @param trainTop1 share of training images, as augmented and mixed, whose most wanted class the
 *     model found; in pre-training, share of the hidden patches whose token it found
 * @param loss mean cross-entropy on the validation images
 * @param top1 share of validation images whose class came first
 * @param top5 share of validation images whose class came among the first five
 * @param meanClass mean over classes of the share of their images that were recognised
 * @param gradientNorm mean norm of the gradient before clipping
 * @param skippedSteps steps that were not taken because loss or gradient were no finite numbers
 * @param imagesPerSecond training images, without the evaluation
 * @param seconds that it took, with the evaluation
 */
public record EpochMetrics(
    int epoch,
    double rate,
    double trainLoss,
    double trainTop1,
    double loss,
    double top1,
    double top5,
    double meanClass,
    double gradientNorm,
    long skippedSteps,
    double imagesPerSecond,
    double seconds) {

  static final List<String> COLUMNS =
      List.of(
          "rate",
          "train_loss",
          "train_top1",
          "val_loss",
          "val_top1",
          "val_top5",
          "val_mean_class",
          "gradient_norm",
          "skipped_steps",
          "images_per_second",
          "seconds");

  Map<String, Double> row() {
    double[] values = {
      rate,
      trainLoss,
      trainTop1,
      loss,
      top1,
      top5,
      meanClass,
      gradientNorm,
      skippedSteps,
      imagesPerSecond,
      seconds
    };
    Map<String, Double> row = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        row.put(COLUMNS.get(i), values[i]);
      }
    }
    return row;
  }

  /** An epoch without validation. */
  static EpochMetrics training(
      int epoch,
      double rate,
      double loss,
      double top1,
      double gradientNorm,
      long skippedSteps,
      double imagesPerSecond,
      double seconds) {
    return new EpochMetrics(
        epoch,
        rate,
        loss,
        top1,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        gradientNorm,
        skippedSteps,
        imagesPerSecond,
        seconds);
  }

  EpochMetrics validated(double loss, double top1, double top5, double meanClass) {
    return new EpochMetrics(
        epoch,
        rate,
        trainLoss,
        trainTop1,
        loss,
        top1,
        top5,
        meanClass,
        gradientNorm,
        skippedSteps,
        imagesPerSecond,
        seconds);
  }

  static EpochMetrics of(Map<String, Double> row) {
    double[] v = new double[COLUMNS.size()];
    for (int i = 0; i < v.length; i++) {
      v[i] = row.getOrDefault(COLUMNS.get(i), Double.NaN);
    }
    int epoch = (int) (double) row.getOrDefault("epoch", 0.0);
    return new EpochMetrics(
        epoch, v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], (long) v[8], v[9], v[10]);
  }
}
