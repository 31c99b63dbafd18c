package io.github.vit4j.finetune.data;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.RandomStreams;
import java.util.SplittableRandom;

/**
 * Which images an epoch shows, and in which order. It follows from the epoch alone, so that a run
 * may begin anywhere.
 */
public abstract sealed class Sampler {

  private final int size;

  private Sampler(int size) {
    this.size = size;
  }

  /** {@return the size of the data set that it is for} */
  public int size() {
    return size;
  }

  /** {@return how many images an epoch shows, the same in each} */
  public abstract int length();

  /**
   * {@return the images of an epoch in their order}
   *
   * @param epoch counted from 0
   */
  abstract Order order(int epoch);

  /** How many times the image has come before in this epoch; its draws follow from that too. */
  abstract int repeat(int position);

  /** The indices of an epoch. */
  interface Order {
    int index(int position);
  }

  /**
   * {@return every image once, in the data set's order}
   *
   * @param size of the data set
   */
  public static Sampler sequential(int size) {
    return new Sequential(size);
  }

  /**
   * {@return every image once, in an order that differs from epoch to epoch}
   *
   * @param size of the data set
   * @param seed of the run
   */
  public static Sampler shuffled(int size, long seed) {
    return new Shuffled(size, 1, size, seed);
  }

  /**
   * {@return repeated augmentation (Hoffer et al. 2019) as DeiT samples: the images in random
   * order, each several times in a row, until the epoch is as long as the data set}
   *
   * <p>An epoch therefore shows a third of the images if they are repeated three times. Of data
   * sets of 256 images and more, an epoch's length is rounded down to a multiple of 256, as in
   * DeiT.
   *
   * @param size of the data set
   * @param repeats views of an image, at least 1; with 1, {@link #shuffled} shows every image
   * @param seed of the run
   */
  public static Sampler repeated(int size, int repeats, long seed) {
    if (repeats < 1 || repeats > 100) {
      throw new BadInputException(
          "images cannot be repeated %d times; give 1 to 100".formatted(repeats));
    }
    return new Shuffled(size, repeats, size < 256 ? size : size / 256 * 256, seed);
  }

  private static final class Sequential extends Sampler {
    Sequential(int size) {
      super(size);
    }

    @Override
    public int length() {
      return size();
    }

    @Override
    Order order(int epoch) {
      return position -> position;
    }

    @Override
    int repeat(int position) {
      return 0;
    }
  }

  private static final class Shuffled extends Sampler {
    private static final long STREAM = 1;
    private final int repeats;
    private final int length;
    private final long seed;

    Shuffled(int size, int repeats, int length, long seed) {
      super(size);
      this.repeats = repeats;
      this.length = length;
      this.seed = seed;
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    Order order(int epoch) {
      SplittableRandom random = RandomStreams.of(seed, STREAM, epoch);
      int[] indices = new int[size()];
      for (int i = 0; i < indices.length; i++) {
        int other = (int) (random.nextDouble() * (i + 1));
        indices[i] = indices[other];
        indices[other] = i;
      }
      return position -> indices[position / repeats];
    }

    @Override
    int repeat(int position) {
      return position % repeats;
    }
  }
}
