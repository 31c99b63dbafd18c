package io.github.vit4j.examples.study;

import io.github.vit4j.finetune.data.DataSets;
import io.github.vit4j.finetune.data.DataSplits;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A part of the training images, the same for every trial, and all of the test images. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PartOfData {

  @Parameters(
      paramLabel = "DATA",
      description =
          "CIFAR-10 as published, or a tar file or folder with train/CLASS/NAME and test/CLASS/NAME,"
              + " 32 x 32 pixels.")
  private Path data;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Training images, the same part of each class. Default: ${DEFAULT-VALUE}.")
  private int images;

  private @Nullable DataSplits splits;

  /** {@return the settings of a study of these images, with some of its own} */
  Map<String, String> settings(Map<String, String> own) {
    Map<String, String> all = new HashMap<>(own);
    all.putAll(StudiedData.settings(data, DataSets.open(data)));
    all.put("images", Integer.toString(images));
    return all;
  }

  DataSplits splits() {
    if (splits == null) {
      DataSplits all = DataSets.open(data);
      splits = new DataSplits(PartOfImages.of(all.train(), images), all.validation());
    }
    return splits;
  }
}
