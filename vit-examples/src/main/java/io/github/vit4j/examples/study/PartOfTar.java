package io.github.vit4j.examples.study;

import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.TarImages;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A part of the training images of a tar file, the same for every trial, and all of its others. */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class PartOfTar {

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

  /** {@return the settings of a study of these images, with some of its own} */
  Map<String, String> settings(Map<String, String> own) {
    Map<String, String> all = new HashMap<>(own);
    all.putAll(StudiedData.settings(tar, TarImages.of(tar)));
    all.put("images", Integer.toString(images));
    return all;
  }

  DataSplits splits() {
    if (splits == null) {
      DataSplits all = TarImages.of(tar);
      splits = new DataSplits(PartOfImages.of(all.train(), images), all.validation());
    }
    return splits;
  }
}
