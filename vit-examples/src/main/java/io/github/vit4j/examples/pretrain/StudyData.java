package io.github.vit4j.examples.pretrain;

import io.github.vit4j.finetune.augment.RandomStreams;
import io.github.vit4j.finetune.data.DataSets;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageDataset;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * The images of the study.
 *
 * @param train what is pre-trained on, and fine-tuned on with all labels
 * @param tenth a tenth of each class of these
 * @param watched some test images, evaluated after each epoch of fine-tuning
 * @param test all test images, evaluated once, at the end
 */
record StudyData(ImageDataset train, ImageDataset tenth, ImageDataset watched, ImageDataset test) {

  private static final long CACHE = 256L << 20;
  private static final int WATCHED = 500;

  /** A random part of the training images, the same for every seed of the study. */
  static StudyData of(Path data, int images, int tests) {
    DataSplits all = DataSets.open(data);
    ImageDataset train = part(all.train(), images, 1).cached(CACHE);
    ImageDataset test = part(all.validation(), tests, 2).cached(CACHE);
    return new StudyData(
        train, DataSplits.holdOut(train, 0.1, 0).validation(), part(test, WATCHED, 3), test);
  }

  private static ImageDataset part(ImageDataset images, int wanted, long key) {
    int[] order = new int[images.size()];
    SplittableRandom random = RandomStreams.of(0, key);
    for (int i = 0; i < order.length; i++) {
      int other = random.nextInt(i + 1);
      order[i] = order[other];
      order[other] = i;
    }
    int[] some = new int[Math.min(wanted, order.length)];
    System.arraycopy(order, 0, some, 0, some.length);
    return images.subset(some);
  }
}
