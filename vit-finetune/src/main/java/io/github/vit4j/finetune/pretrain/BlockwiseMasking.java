package io.github.vit4j.finetune.pretrain;

import io.github.vit4j.error.BadInputException;
import java.util.random.RandomGenerator;

/**
 * Hides rectangles of patches, as BEiT does (Bao et al. 2021), until a share of the image is
 * hidden.
 *
 * <p>The paper's algorithm 1 and the published code ({@code beit/masking_generator.py} in
 * microsoft/unilm) differ; {@link Variant#CODE}, with which the published models were made, is the
 * default.
 *
 * @param ratio of the patches, above 0 and below 1. The paper says 0.4; the code's 75 of 196
 *     patches are 0.383
 * @param minBlock the smallest area that is asked for, in patches; 16 in paper and code
 * @param maxBlock the largest area that is asked for; 0 for what is left to hide, as in paper and
 *     code
 * @param minAspect height over width of the flattest block, the tallest having its inverse; 0.3 in
 *     paper and code
 * @param variant whose algorithm
 */
public record BlockwiseMasking(
    double ratio, int minBlock, int maxBlock, double minAspect, Variant variant)
    implements Masking {

  /** Whose algorithm. */
  public enum Variant {
    /**
     * The published code's: the logarithm of the aspect ratio is uniform; a block must be smaller
     * than the grid either way and bring from 1 to as many new patches as a block may have; after
     * ten blocks in a row that do not, it ends. Never more than the share is hidden, and sometimes
     * less.
     */
    CODE,
    /**
     * The paper's: the aspect ratio itself is uniform; blocks are clipped to the grid and taken
     * until more than the share is hidden, so that the last one exceeds it.
     */
    PAPER
  }

  private static final int ATTEMPTS = 10;
  private static final int BEGINNINGS = 100;
  private static final int MOST_BLOCKS = 10_000;

  /** The numbers of the paper, drawn as the code draws them. */
  public static final BlockwiseMasking BEIT = new BlockwiseMasking(0.4, 16, 0, 0.3, Variant.CODE);

  /** Checks every value. */
  public BlockwiseMasking {
    Masking.requireRatio(ratio);
    if (minBlock < 1 || maxBlock < 0 || maxBlock > 0 && maxBlock < minBlock) {
      throw new BadInputException(
          "blocks of %d to %d patches are not possible; give at least 1, and a maximum of 0 for none, or one above the minimum"
              .formatted(minBlock, maxBlock));
    }
    if (!(minAspect > 0 && minAspect <= 1)) {
      throw new BadInputException(
          "an aspect ratio of %s is not possible; give that of the flattest block, above 0 and at most 1"
              .formatted(minAspect));
    }
  }

  /**
   * {@return the same with another share}
   *
   * @param ratio above 0, below 1
   */
  public BlockwiseMasking withRatio(double ratio) {
    return new BlockwiseMasking(ratio, minBlock, maxBlock, minAspect, variant);
  }

  /**
   * {@return the same with blocks of other areas}
   *
   * @param min in patches, at least 1
   * @param max in patches; 0 for what is left to hide
   */
  public BlockwiseMasking withBlocks(int min, int max) {
    return new BlockwiseMasking(ratio, min, max, minAspect, variant);
  }

  /**
   * {@return the same by the other algorithm}
   *
   * @param variant whose
   */
  public BlockwiseMasking withVariant(Variant variant) {
    return new BlockwiseMasking(ratio, minBlock, maxBlock, minAspect, variant);
  }

  /**
   * {@return these numbers on a small grid: the smallest block is a twelfth of the grid, as BEiT's
   * 16 of 196 are, but no more than it was and at least one patch}
   *
   * @param rows of the patch grid
   * @param columns of the patch grid
   */
  public BlockwiseMasking scaledTo(int rows, int columns) {
    int scaled = Math.max(1, (int) Math.round(rows * columns * 16 / 196.0));
    int min = Math.min(minBlock, scaled);
    return withBlocks(min, maxBlock == 0 ? 0 : Math.max(min, maxBlock));
  }

  @Override
  public void requireFit(int rows, int columns) {
    int limit = Masking.share(ratio, rows * columns);
    int side = (int) Math.round(Math.sqrt(minBlock));
    int largest = Math.min((int) Math.sqrt(limit), Math.min(rows, columns) - 1);
    if (side > largest || minBlock > limit) {
      String remedy =
          largest < 1
              ? "no block fits; give"
              : "give blocks of %d or fewer (withBlocks(%1$d, 0), --min-block %1$d),"
                  .formatted(largest * largest);
      throw new BadInputException(
          "of %d x %d patches %d are to be hidden, but the smallest block has %d, about %d x %d, and must be smaller than the grid; %s a larger ratio, or larger images"
              .formatted(rows, columns, limit, minBlock, side, side, remedy));
    }
  }

  @Override
  public boolean[] draw(int rows, int columns, RandomGenerator random) {
    requireFit(rows, columns);
    MaskGrid grid = new MaskGrid(rows, columns);
    if (variant == Variant.PAPER) {
      byPaper(grid, random);
    } else {
      byCode(grid, random);
    }
    return grid.hidden();
  }

  private void byCode(MaskGrid grid, RandomGenerator random) {
    int limit = Masking.share(ratio, grid.size());
    // the code gives an image without a mask where ten first blocks in a row do not fit
    for (int i = 0; i < BEGINNINGS && grid.count() == 0; i++) {
      while (grid.count() < limit && addBlock(grid, limit - grid.count(), random)) {}
    }
    if (grid.count() == 0) {
      int side = (int) Math.round(Math.sqrt(minBlock));
      grid.hide(new MaskGrid.Block(0, 0, side, side));
    }
  }

  private boolean addBlock(MaskGrid grid, int left, RandomGenerator random) {
    int most = maxBlock == 0 ? left : Math.min(left, maxBlock);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      double area = minBlock + random.nextDouble() * (most - minBlock); // may run backwards
      double logAspect = (2 * random.nextDouble() - 1) * -Math.log(minAspect);
      double aspect = Math.exp(logAspect);
      int height = (int) Math.rint(Math.sqrt(area * aspect));
      int width = (int) Math.rint(Math.sqrt(area / aspect));
      if (height < grid.rows() && width < grid.columns()) {
        MaskGrid.Block block = grid.place(height, width, random);
        int added = grid.visibleIn(block);
        if (added > 0 && added <= most) {
          grid.hide(block);
          return true;
        }
      }
    }
    return false;
  }

  private void byPaper(MaskGrid grid, RandomGenerator random) {
    double limit = ratio * grid.size();
    for (int i = 0; i < MOST_BLOCKS && grid.count() <= limit; i++) {
      double left = limit - grid.count();
      double most = maxBlock == 0 ? left : Math.min(left, maxBlock);
      double area = minBlock + random.nextDouble() * (most - minBlock);
      double aspect = minAspect + random.nextDouble() * (1 / minAspect - minAspect);
      int height = clipped(Math.sqrt(area * aspect), grid.rows());
      int width = clipped(Math.sqrt(area / aspect), grid.columns());
      MaskGrid.Block block = grid.place(height, width, random);
      if (grid.count() + grid.visibleIn(block) < grid.size()) { // something must stay to look at
        grid.hide(block);
      }
    }
  }

  private static int clipped(double side, int most) {
    return Math.max(1, Math.min(most, (int) Math.rint(side)));
  }
}
