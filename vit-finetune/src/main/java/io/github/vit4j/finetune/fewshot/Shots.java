package io.github.vit4j.finetune.fewshot;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.RandomStreams;
import io.github.vit4j.finetune.data.ImageDataset;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Which images stand for their classes: of each class the first k of a permutation that follows
 * from the seed, so that fewer shots are a part of more.
 */
final class Shots {

  private final List<String> classes;
  private final List<List<Integer>> byClass = new ArrayList<>();
  private final int all;

  Shots(ImageDataset images) {
    classes = images.classes();
    all = images.size();
    classes.forEach(name -> byClass.add(new ArrayList<>()));
    for (int i = 0; i < all; i++) {
      int label = images.label(i);
      if (label < 0 || label >= byClass.size()) {
        throw new BadInputException(
            "%s has the label %d, but there are %d classes"
                .formatted(images.name(i), label, byClass.size()));
      }
      byClass.get(label).add(i);
    }
    if (classes.size() < 2) {
      throw new BadInputException(
          "the data set has %d class%s; few-shot classification needs at least two"
              .formatted(
                  classes.size(), classes.isEmpty() ? "es" : " only (" + classes.get(0) + ")"));
    }
  }

  /** How many images the smallest class has. */
  int smallestClass() {
    return byClass.stream().mapToInt(List::size).min().orElse(0);
  }

  /** Refuses shots that a class does not have. */
  void require(int shots) {
    if (shots == FewShot.ALL) {
      return;
    }
    int smallest = smallestClass();
    if (shots > smallest) {
      List<String> few = new ArrayList<>();
      for (int c = 0; c < classes.size(); c++) {
        if (byClass.get(c).size() == smallest) {
          few.add(classes.get(c));
        }
      }
      throw new BadInputException(
          "%d shots need %d training images in every class, but class '%s'%s has %d; ask for fewer shots or add images"
              .formatted(
                  shots,
                  shots,
                  few.get(0),
                  few.size() == 1 ? "" : " (and %d more)".formatted(few.size() - 1),
                  smallest));
    }
  }

  /** The images of one draw, class by class; all images whatever the seed, if all are asked for. */
  int[] support(int shots, long seed) {
    if (shots == FewShot.ALL) {
      return IntStream.range(0, all).toArray();
    }
    int[] support = new int[shots * classes.size()];
    for (int c = 0, to = 0; c < classes.size(); c++) {
      List<Integer> order = new ArrayList<>(byClass.get(c));
      SplittableRandom random = RandomStreams.of(seed, c);
      for (int i = 0; i < shots; i++) {
        int other = i + (int) (random.nextDouble() * (order.size() - i));
        support[to++] = order.set(other, order.get(i));
      }
    }
    return support;
  }

  /** All images that some draw of so many shots shows, ascending. */
  int[] needed(int shots, int seeds) {
    TreeSet<Integer> needed = new TreeSet<>();
    for (int seed = 0; seed < seeds; seed++) {
      for (int index : support(shots, seed)) {
        needed.add(index);
      }
    }
    return needed.stream().mapToInt(Integer::intValue).toArray();
  }
}
