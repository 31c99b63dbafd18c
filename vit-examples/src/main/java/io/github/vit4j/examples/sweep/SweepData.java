package io.github.vit4j.examples.sweep;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.shapes.ShapeImages;
import io.github.vit4j.examples.study.PartOfImages;
import io.github.vit4j.finetune.data.DataSets;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageDataset;
import java.nio.file.Path;
import java.util.stream.IntStream;

/**
 * The images of a sweep.
 *
 * @param all as the data set is split, the test images cut to those that are used
 */
record SweepData(DataSplits all) {

  private static final long KEPT_DECODED = 256L << 20;

  /**
   * {@return the images of a place}
   *
   * @param data a tar file or folder, or {@code shapes:N}
   * @param side of drawn images
   * @param testImages how many to measure on; 0 for all
   */
  static SweepData open(String data, int side, int testImages) {
    DataSplits splits = ShapeImages.spelt(data, side).orElseGet(() -> DataSets.open(Path.of(data)));
    if (testImages == 0) {
      return new SweepData(splits);
    }
    if (testImages > splits.validation().size()) {
      throw new BadInputException(
          "'testImages' is %d, but %s has %d; give at most as many, or leave the key out for all"
              .formatted(testImages, data, splits.validation().size()));
    }
    return new SweepData(
        new DataSplits(splits.train(), PartOfImages.of(splits.validation(), testImages)));
  }

  /** {@return the images that a run learns from: the same part of each class} */
  ImageDataset part(double fraction) {
    ImageDataset train = all.train();
    int count = (int) Math.rint(fraction * train.size());
    if (count < train.classes().size()) {
      throw new BadInputException(
          "a fraction of %s of %d training images is %d, fewer than the %d classes; give a larger one"
              .formatted(Names.plain(fraction), train.size(), count, train.classes().size()));
    }
    return PartOfImages.of(train, count);
  }

  /**
   * {@return what a run is trained and measured on}
   *
   * <p>The images of a part come as often as it takes to make them as many as the whole, so that an
   * epoch has as many steps, and an evaluation at its end, with any part.
   */
  DataSplits splits(double fraction) {
    ImageDataset part = part(fraction).cached(KEPT_DECODED);
    int whole = all.train().size();
    int[] evenly = // over all classes, in whose order images often lie
        IntStream.range(0, whole).map(i -> (int) ((long) i * part.size() / whole)).toArray();
    ImageDataset repeated = part.size() == whole ? part : part.subset(evenly);
    return new DataSplits(repeated, all.validation().cached(KEPT_DECODED));
  }
}
