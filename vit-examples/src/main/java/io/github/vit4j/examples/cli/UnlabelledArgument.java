package io.github.vit4j.examples.cli;

import io.github.vit4j.examples.shapes.ShapeImages;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.FoundImages;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.data.TarImages;
import java.nio.file.Path;
import java.util.Locale;

/** Images whose labels nobody asks for: a folder, a tar file, or drawn shapes. */
final class UnlabelledArgument {

  static final String DESCRIPTION =
      "A folder of images, at any depth; a tar file with train/CLASS/NAME; or shapes:N, which draws"
          + " N images of simple shapes. Labels are not looked at.";

  private UnlabelledArgument() {}

  /**
   * Opens the images.
   *
   * @param side of drawn images, in pixels
   */
  static ImageDataset images(String data, int side) {
    return ShapeImages.spelt(data, side).map(DataSplits::train).orElseGet(() -> found(data));
  }

  private static ImageDataset found(String data) {
    String name = data.toLowerCase(Locale.ROOT);
    boolean tar = name.endsWith(".tar") || name.endsWith(".tar.gz") || name.endsWith(".tgz");
    return tar ? TarImages.of(Path.of(data)).train() : FoundImages.below(Path.of(data));
  }
}
