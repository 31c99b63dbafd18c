package io.github.vit4j.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.compute.LinearProduct;
import io.github.vit4j.compute.LinearRoute;

/** What one plain large product reaches on this machine, by the faster of the engine's routes. */
final class Ceiling {

  private static final int ROWS = 3152; // 16 images of 197 tokens
  private static final int IN = 1536;
  private static final int OUT = 1536;
  private static final int REPEATS = 8;

  private Ceiling() {}

  /** Floating-point operations a second, float32. */
  static double measure(int threads) {
    EngineThreads.set(threads);
    double best = 0;
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray x = manager.randomNormal(new Shape(1, ROWS, IN));
      NDArray weight = manager.randomNormal(new Shape(OUT, IN));
      for (LinearRoute route : LinearRoute.values()) {
        for (int i = 0; i < REPEATS; i++) {
          long start = System.nanoTime();
          LinearProduct.of(x, weight, null, route).close();
          best = Math.max(best, 2e9 * ROWS * IN * OUT / (System.nanoTime() - start));
        }
      }
    }
    return best;
  }
}
