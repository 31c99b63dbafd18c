package io.github.vit4j.finetune.train;

import io.github.vit4j.config.StemKind;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.model.VisionTransformer;
import java.util.stream.IntStream;

/** What data and batches must be like, told before anything is written. */
final class DataRules {

  private DataRules() {}

  static void check(DataSplits data) {
    check("training", data.train());
    check("validation", data.validation());
    ImageDataset train = data.train();
    int first = train.label(0);
    if (IntStream.range(1, train.size()).allMatch(i -> train.label(i) == first)) {
      throw new BadInputException(
          "all training images here (%d) are of one class, '%s'; there is nothing to tell apart, so add images of others"
              .formatted(train.size(), train.classes().get(first)));
    }
  }

  private static void check(String what, ImageDataset images) {
    int classes = images.classes().size();
    if (classes < 2) {
      throw new BadInputException(
          "the %s images are of %d class; a classifier needs at least two"
              .formatted(what, classes));
    }
    if (images.size() < 1) {
      throw new BadInputException("there are no %s images; give at least one".formatted(what));
    }
    for (int i = 0; i < images.size(); i++) {
      int label = images.label(i);
      if (label < 0 || label >= classes) {
        throw new BadInputException(
            "%s has the label %d, but there are %d classes; labels run from 0 to %d"
                .formatted(images.name(i), label, classes, classes - 1));
      }
    }
  }

  static void check(TrainPlan plan, VisionTransformer network) {
    int batch = plan.recipe().batch();
    int micro = plan.microBatch();
    boolean divides = batch % micro == 0 || micro == plan.images().size();
    if (!divides || micro > batch) {
      throw new BadInputException(
          "a batch of %d images cannot be made of portions of %d; give a divisor of the batch"
              .formatted(batch, micro));
    }
    ViTConfig config = network.config();
    if (micro == 1
        && config.patches() == 1
        && config.stem().kind() == StemKind.HMLP
        && TrainState.movesStatistics(network.namedParameters())) {
      throw new BadInputException(
          "BatchNorm in the stem sees a single value a channel, one image of one patch, of which there are no statistics; use larger batches, or freeze the stem");
    }
  }
}
