package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.RgbImage;
import java.util.List;
import java.util.Objects;

/** Some images of another data set. */
final class SubsetImages implements ImageDataset {

  private final ImageDataset whole;
  private final int[] indices;

  SubsetImages(ImageDataset whole, int[] indices) {
    if (indices.length == 0) {
      throw new BadInputException("a part of a data set needs at least one image");
    }
    for (int index : indices) {
      if (index < 0 || index >= whole.size()) {
        throw new BadInputException(
            "there is no image %d in a data set of %d; indices run from 0 to %d"
                .formatted(index, whole.size(), whole.size() - 1));
      }
    }
    this.whole = whole;
    this.indices = indices.clone();
  }

  @Override
  public int size() {
    return indices.length;
  }

  @Override
  public List<String> classes() {
    return whole.classes();
  }

  @Override
  public int label(int index) {
    return whole.label(whole(index));
  }

  @Override
  public String name(int index) {
    return whole.name(whole(index));
  }

  @Override
  public long stamp(int index) {
    return whole.stamp(whole(index));
  }

  @Override
  public RgbImage image(int index) {
    return whole.image(whole(index));
  }

  private int whole(int index) {
    return indices[Objects.checkIndex(index, indices.length)];
  }
}
