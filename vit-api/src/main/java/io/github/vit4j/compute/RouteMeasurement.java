package io.github.vit4j.compute;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/** Times both routes of a linear layer against each other. */
final class RouteMeasurement {

  /** The first layer of a ViT-S/16's feed-forward network, four images. */
  private static final Shape INPUT = new Shape(4, 197, 384);

  private static final Shape WEIGHT = new Shape(1536, 384);
  private static final int WARM_UP = 3;
  private static final int PAIRS = 9;

  /** By less than this nobody leaves the engine's own operator. */
  private static final double WORTHWHILE = 1.1;

  private RouteMeasurement() {}

  /** The faster route, by the median of pairs; takes about a second. */
  static LinearRoute fastest() {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      NDArray x = manager.ones(INPUT);
      NDArray weight = manager.ones(WEIGHT);
      double[] ratios = new double[PAIRS];
      for (int i = -WARM_UP; i < PAIRS; i++) {
        double engine = time(x, weight, LinearRoute.ENGINE);
        double oneDnn = time(x, weight, LinearRoute.ONEDNN);
        ratios[Math.max(i, 0)] = engine / oneDnn;
      }
      Arrays.sort(ratios);
      return ratios[PAIRS / 2] > WORTHWHILE ? LinearRoute.ONEDNN : LinearRoute.ENGINE;
    }
  }

  private static double time(NDArray x, NDArray weight, LinearRoute route) {
    long start = System.nanoTime();
    LinearProduct.of(x, weight, null, route).close();
    return System.nanoTime() - start;
  }

  /** What a measurement holds for. */
  static String machine() {
    return "%s, PyTorch %s, %d threads"
        .formatted(Cpu.name(), Engine.getEngine("PyTorch").getVersion(), EngineThreads.get());
  }
}
