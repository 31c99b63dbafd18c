package io.github.vit4j.model;

import io.github.vit4j.config.ViTConfig;

/**
 * Fixed positions as in MAE: the first half of the width holds sines and cosines of a patch's
 * column, the second half of its row, at wavelengths from 2 pi to 10000 x 2 pi. The class token's
 * is zero.
 */
final class SinCosPositions {

  private SinCosPositions() {}

  /** The table (prefix + N, D), flattened. */
  static float[] of(ViTConfig config) {
    int d = config.width();
    int prefix = config.prefixPositions();
    float[] table = new float[(prefix + config.patches()) * d];
    for (int row = 0; row < config.gridHeight(); row++) {
      for (int column = 0; column < config.gridWidth(); column++) {
        int at = (prefix + row * config.gridWidth() + column) * d;
        encode(table, at, d / 2, column);
        encode(table, at + d / 2, d / 2, row);
      }
    }
    return table;
  }

  private static void encode(float[] table, int at, int width, int position) {
    int half = width / 2;
    for (int i = 0; i < half; i++) {
      double angle = position / Math.pow(10_000, (double) i / half);
      table[at + i] = (float) Math.sin(angle);
      table[at + half + i] = (float) Math.cos(angle);
    }
  }
}
