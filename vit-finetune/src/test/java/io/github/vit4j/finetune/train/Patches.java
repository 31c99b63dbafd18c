package io.github.vit4j.finetune.train;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.image.RgbImage;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/** 16 x 16 pixels of noise; which of the three colours is brighter makes the class. */
final class Patches implements ImageDataset {

  static final int SIDE = 16;

  private final int size;
  private final long seed;
  private final List<String> classes;
  final Set<Integer> broken = ConcurrentHashMap.newKeySet();

  Patches(int size, long seed, List<String> classes) {
    this.size = size;
    this.seed = seed;
    this.classes = classes;
  }

  static DataSplits splits(int train, int validation) {
    List<String> colours = List.of("red", "green", "blue");
    return new DataSplits(new Patches(train, 1, colours), new Patches(validation, 2, colours));
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public List<String> classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return index % classes.size();
  }

  @Override
  public String name(int index) {
    return "patch/" + index;
  }

  @Override
  public RgbImage image(int index) {
    if (broken.contains(index)) {
      throw new BadInputException(name(index) + " is broken; replace it");
    }
    SplittableRandom random = new SplittableRandom(seed * 1000 + index);
    byte[] rgb = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) (random.nextInt(150) + (i % 3 == label(index) ? 60 : 0));
    }
    return RgbImage.of(SIDE, SIDE, rgb);
  }
}
