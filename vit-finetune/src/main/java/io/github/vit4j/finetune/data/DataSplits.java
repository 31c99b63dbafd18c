package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.RandomStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What a model learns from, and what it is measured on.
 *
 * @param train the images to learn from
 * @param validation images of the same classes that are never learnt from
 */
public record DataSplits(ImageDataset train, ImageDataset validation) {

  /** The part that {@link ImageFolder} holds out where nothing else is said. */
  public static final double DEFAULT_HOLD_OUT = 0.1;

  /** Refuses splits whose classes differ. */
  public DataSplits {
    if (!train.classes().equals(validation.classes())) {
      throw new BadInputException(
          "the training images have %d classes and the validation images have %d, or they are in another order; both need the same"
              .formatted(train.classes().size(), validation.classes().size()));
    }
  }

  /**
   * {@return a data set cut in two, with the same part of each class held out}
   *
   * <p>Of a class of n images {@code n * part} are held out, rounded, but at least one and not all;
   * the only image of a class is kept for training. Both parts keep the order of the whole.
   *
   * @param images to cut
   * @param part to hold out, above 0 and below 1
   * @param seed which images are held out follows from it
   * @throws BadInputException if no class has two images
   */
  public static DataSplits holdOut(ImageDataset images, double part, long seed) {
    if (!(part > 0 && part < 1)) {
      throw new BadInputException(
          "%s of the images cannot be held out; give a number between 0 and 1".formatted(part));
    }
    boolean[] held = new boolean[images.size()];
    int count = 0;
    List<List<Integer>> byClass = byClass(images);
    for (int label = 0; label < byClass.size(); label++) {
      List<Integer> own = byClass.get(label);
      if (own.size() >= 2) {
        int wanted = (int) Math.max(1, Math.min(own.size() - 1, Math.rint(own.size() * part)));
        count += wanted;
        hold(own, wanted, RandomStreams.of(seed, label), held);
      }
    }
    if (count == 0) {
      throw new BadInputException(
          "no class of the data set has two images, so none can be held out; add images, or give a validation folder");
    }
    return new DataSplits(where(images, held, false), where(images, held, true));
  }

  private static List<List<Integer>> byClass(ImageDataset images) {
    List<List<Integer>> byClass = new ArrayList<>();
    images.classes().forEach(name -> byClass.add(new ArrayList<>()));
    for (int i = 0; i < images.size(); i++) {
      byClass.get(images.label(i)).add(i);
    }
    return byClass;
  }

  private static void hold(List<Integer> own, int wanted, SplittableRandom random, boolean[] held) {
    for (int i = 0; i < wanted; i++) {
      int other = i + (int) (random.nextDouble() * (own.size() - i));
      int chosen = own.get(other);
      own.set(other, own.get(i));
      held[chosen] = true;
    }
  }

  private static ImageDataset where(ImageDataset images, boolean[] held, boolean wanted) {
    int[] indices = new int[held.length];
    int count = 0;
    for (int i = 0; i < held.length; i++) {
      if (held[i] == wanted) {
        indices[count++] = i;
      }
    }
    return images.subset(Arrays.copyOf(indices, count));
  }
}
