package io.github.vit4j.examples.study;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.data.TarImages;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A part of the training images of a tar file, the same for every trial, and all of its others. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PartOfTar {

  private static final long SEED = 0;

  @Parameters(
      paramLabel = "TAR",
      description = "A tar file with train/CLASS/NAME and test/CLASS/NAME, 32 x 32 pixels.")
  private Path tar;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Training images, the same part of each class. Default: ${DEFAULT-VALUE}.")
  private int images;

  private @Nullable DataSplits splits;

  DataSplits splits() {
    if (splits == null) {
      DataSplits all = TarImages.of(tar);
      splits = new DataSplits(part(all.train(), images), all.validation());
    }
    return splits;
  }

  /** {@return so many of the images, as many of each class} */
  private static ImageDataset part(ImageDataset images, int count) {
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
