package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.RgbImage;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Noise of various sizes; image i is of class i modulo 5. Some of them may be broken. */
final class MadeImages implements ImageDataset {

  final AtomicInteger decoded = new AtomicInteger();
  private final int size;
  private final Set<Integer> broken;
  private int mislabelled = -1;

  MadeImages(int size, Integer... broken) {
    this.size = size;
    this.broken = Set.of(broken);
  }

  /** Gives one image a label that is no class. */
  MadeImages mislabelled(int index) {
    mislabelled = index;
    return this;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public List<String> classes() {
    return IntStream.range(0, 5).mapToObj(Integer::toString).toList();
  }

  @Override
  public int label(int index) {
    return index == mislabelled ? 5 : index % 5;
  }

  @Override
  public String name(int index) {
    return "made/" + index + ".png";
  }

  @Override
  public RgbImage image(int index) {
    decoded.incrementAndGet();
    if (broken.contains(index)) {
      throw new BadInputException("Image " + name(index) + " is broken: replace it.");
    }
    SplittableRandom random = new SplittableRandom(index);
    byte[] rgb = new byte[3 * (20 + index % 7) * (24 + index % 3)];
    random.nextBytes(rgb);
    return RgbImage.of(20 + index % 7, 24 + index % 3, rgb);
  }
}
