package io.github.vit4j.finetune.fewshot;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.image.RgbImage;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Noisy images of 16 pixels whose brightness and direction of stripes tell the class. */
final class Stripes implements ImageDataset {

  private static final int SIDE = 16;

  final AtomicInteger decoded = new AtomicInteger();
  private final String name;
  private final int size;
  private final int classes;
  private final int noise;
  int broken = -1;
  int changed = -1;

  Stripes(String name, int size, int classes, int noise) {
    this.name = name;
    this.size = size;
    this.classes = classes;
    this.noise = noise;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public List<String> classes() {
    return IntStream.range(0, classes).mapToObj(c -> "stripe" + c).toList();
  }

  @Override
  public int label(int index) {
    return index % classes;
  }

  @Override
  public String name(int index) {
    return name + "/" + index;
  }

  @Override
  public long stamp(int index) {
    return index == changed ? 1 : 0;
  }

  @Override
  public RgbImage image(int index) {
    decoded.incrementAndGet();
    if (index == broken) {
      throw new BadInputException(name(index) + " is broken");
    }
    SplittableRandom random = new SplittableRandom(noise == 0 ? 0 : name.hashCode() + index);
    byte[] rgb = new byte[3 * SIDE * SIDE];
    for (int i = 0; i < rgb.length; i++) {
      int at = label(index) % 2 == 0 ? i / 3 % SIDE : i / 3 / SIDE;
      int light = noise == 0 ? 99 : at % 4 < 2 ? 60 + 40 * label(index) : 20;
      rgb[i] = (byte) (light + (noise == 0 ? 0 : random.nextInt(noise)));
    }
    return RgbImage.of(SIDE, SIDE, rgb);
  }
}
