package io.github.vit4j.finetune.pretrain;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.image.RgbImage;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** 16 x 16 pixels: stripes of a colour, a width and a direction, so that a part tells the rest. */
final class Stripes implements ImageDataset {

  static final int SIDE = 16;

  /** Images that cannot be read. */
  final Set<Integer> broken = new HashSet<>();

  private final int size;
  private final int kinds;

  Stripes(int size) {
    this(size, Integer.MAX_VALUE);
  }

  /**
   * @param kinds 1 for plain black images
   */
  Stripes(int size, int kinds) {
    this.size = size;
    this.kinds = kinds;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public List<String> classes() {
    return List.of("across", "down");
  }

  @Override
  public int label(int index) {
    return index % 2;
  }

  @Override
  public String name(int index) {
    return "stripes/" + index;
  }

  @Override
  public RgbImage image(int index) {
    if (broken.contains(index)) {
      throw new BadInputException(name(index) + " is broken");
    }
    byte[] rgb = new byte[3 * SIDE * SIDE];
    if (kinds == 1) {
      return RgbImage.of(SIDE, SIDE, rgb);
    }
    SplittableRandom random = new SplittableRandom(index);
    int width = 2 + random.nextInt(3);
    int[] colour = {random.nextInt(200), random.nextInt(200), random.nextInt(200)};
    for (int i = 0; i < rgb.length; i++) {
      int y = i / (3 * SIDE);
      int x = i / 3 % SIDE;
      boolean bright = ((label(index) == 0 ? y : x) / width) % 2 == 0;
      rgb[i] = (byte) (colour[i % 3] + (bright ? 50 : 0) + random.nextInt(4));
    }
    return RgbImage.of(SIDE, SIDE, rgb);
  }
}
