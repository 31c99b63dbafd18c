package io.github.vit4j.examples.study;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageDataset;

/** A part of a data set, the same for every trial. */
final class Part {

  private static final long SEED = 0;

  private Part() {}

  /** {@return so many of the images, as many of each class} */
  static ImageDataset of(ImageDataset images, int count) {
    if (count < images.classes().size() || count > images.size()) {
      throw new BadInputException(
          "%d of %d images were asked for; give at least one of each of the %d classes, and no more than there are"
              .formatted(count, images.size(), images.classes().size()));
    }
    return count == images.size()
        ? images
        : DataSplits.holdOut(images, (double) count / images.size(), SEED).validation();
  }
}
