package io.github.vit4j.finetune.pretrain;

import io.github.vit4j.error.BadInputException;
import java.util.random.RandomGenerator;

/**
 * Chooses which patches of an image are hidden. It has no state: the same draws give the same
 * patches.
 *
 * <p>An implementation of one's own should be a record, whose text tells two choices apart when a
 * run goes on.
 */
public interface Masking {

  /**
   * {@return which patches are hidden, row by row; at least one is, and at least one is not}
   *
   * @param rows of the patch grid
   * @param columns of the patch grid
   * @param random where every draw comes from
   */
  boolean[] draw(int rows, int columns, RandomGenerator random);

  /**
   * Refuses grids that it cannot mask.
   *
   * @param rows of the patch grid
   * @param columns of the patch grid
   * @throws BadInputException if the grid is too small
   */
  void requireFit(int rows, int columns);

  /**
   * {@return how many patches a share is, rounded down}
   *
   * @param ratio above 0, below 1
   * @param patches of the grid
   */
  static int share(double ratio, int patches) {
    return (int) Math.floor(ratio * patches + 1e-9); // 0.29 * 100 must be 29
  }

  /**
   * Refuses shares that would hide nothing, or all.
   *
   * @param ratio to check
   * @throws BadInputException unless it lies between 0 and 1
   */
  static void requireRatio(double ratio) {
    if (!(ratio > 0 && ratio < 1)) {
      throw new BadInputException(
          "a mask ratio of %s is not possible: with 0 nothing is hidden, with 1 everything; BEiT hides 0.4, MAE 0.75"
              .formatted(ratio));
    }
  }
}
