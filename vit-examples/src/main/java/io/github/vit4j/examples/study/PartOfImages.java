package io.github.vit4j.examples.study;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageDataset;

/** A part of a data set with the same part of each class, the same one every time. */
public final class PartOfImages {

  private static final long SEED = 0;

  private PartOfImages() {}

  /**
   * {@return so many of the images}
   *
   * @param images of all classes
   * @param count at least one of each class; rounding within classes may change it a little
   * @throws BadInputException if there are not so many, or classes would be left out
   */
  public static ImageDataset of(ImageDataset images, int count) {
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
