package io.github.vit4j.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.model.VisionTransformer;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/** The block itself, with random weights. */
final class BlockForward implements Forward {

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final VisionTransformer model;
  private final Shape shape;

  BlockForward(BenchCase wanted, Path file, int threads) {
    EngineThreads.set(threads);
    model = wanted.builder().build();
    model.initialize(manager);
    model.freezeParameters(true);
    shape = new Shape(wanted.batch(), 3, wanted.size(), wanted.size());
  }

  @Override
  public void run(FloatBuffer pixels) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray images = scope.create(pixels.duplicate(), shape);
      model
          .forward(new ParameterStore(scope, false), new NDList(images), false)
          .singletonOrThrow()
          .toFloatArray();
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
