package io.github.vit4j.finetune.pretrain;

import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.image.RgbImage;
import java.util.List;

/** Images without their labels. */
final class Unlabelled implements ImageDataset {

  private final ImageDataset images;

  Unlabelled(ImageDataset images) {
    this.images = images;
  }

  @Override
  public int size() {
    return images.size();
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
    return images.name(index);
  }

  @Override
  public RgbImage image(int index) {
    return images.image(index);
  }
}
