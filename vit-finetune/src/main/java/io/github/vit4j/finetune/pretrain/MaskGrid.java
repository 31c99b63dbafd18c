package io.github.vit4j.finetune.pretrain;

import java.util.random.RandomGenerator;

/** Patches in rows and columns, some of them hidden. */
final class MaskGrid {

  /** A rectangle of patches. */
  record Block(int top, int left, int height, int width) {}

  private final int rows;
  private final int columns;
  private final boolean[] hidden;
  private int count;

  MaskGrid(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    hidden = new boolean[rows * columns];
  }

  int rows() {
    return rows;
  }

  int columns() {
    return columns;
  }

  int size() {
    return hidden.length;
  }

  /** How many are hidden. */
  int count() {
    return count;
  }

  boolean[] hidden() {
    return hidden.clone();
  }

  Block place(int height, int width, RandomGenerator random) {
    int top = (int) (random.nextDouble() * (rows - height + 1));
    int left = (int) (random.nextDouble() * (columns - width + 1));
    return new Block(top, left, height, width);
  }

  int visibleIn(Block block) {
    int visible = 0;
    for (int y = block.top; y < block.top + block.height; y++) {
      for (int x = block.left; x < block.left + block.width; x++) {
        visible += hidden[y * columns + x] ? 0 : 1;
      }
    }
    return visible;
  }

  void hide(Block block) {
    for (int y = block.top; y < block.top + block.height; y++) {
      for (int x = block.left; x < block.left + block.width; x++) {
        count += hidden[y * columns + x] ? 0 : 1;
        hidden[y * columns + x] = true;
      }
    }
  }
}
