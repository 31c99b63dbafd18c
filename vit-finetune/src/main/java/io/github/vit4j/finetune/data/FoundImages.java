package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.image.RgbImage;
import java.nio.file.Path;
import java.util.List;

/** Images of any folders, of which nobody has said what they show: one class, in sorted order. */
public final class FoundImages implements ImageDataset {

  private final ImageDecoder decoder = new ImageDecoder();
  private final List<Path> files;

  private FoundImages(List<Path> files) {
    this.files = files;
  }

  /**
   * {@return all images in a folder and in the folders below it}
   *
   * @param folder where to begin
   * @throws BadInputException if it cannot be listed or holds no image
   */
  public static FoundImages below(Path folder) {
    return new FoundImages(ImageFiles.below(folder));
  }

  @Override
  public int size() {
    return files.size();
  }

  @Override
  public List<String> classes() {
    return List.of("any");
  }

  @Override
  public int label(int index) {
    return 0;
  }

  @Override
  public String name(int index) {
    return files.get(index).toString();
  }

  @Override
  public RgbImage image(int index) {
    return decoder.decode(files.get(index));
  }
}
