package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.config.ViTConfig;
import java.util.Random;

/** Batches of random pixels that are the same in every run. */
final class Images {

  private Images() {}

  static NDArray of(NDManager manager, ViTConfig config, int batch) {
    return normal(
        manager, 1, new Shape(batch, config.channels(), config.imageHeight(), config.imageWidth()));
  }

  /**
   * As many images as it takes for the tokens to reach oneDNN, without which the route of linear
   * layers is not tried.
   */
  static int batchForOneDnn(ViTConfig config) {
    return 1 + 20_480 / (config.tokens() * config.width());
  }

  static NDArray normal(NDManager manager, long seed, Shape shape) {
    Random random = new Random(seed);
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, shape);
  }
}
