package io.github.vit4j.examples.bench;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.compiled.CompileOptions;
import io.github.vit4j.compiled.CompiledViT;
import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.model.VisionTransformer;
import java.nio.FloatBuffer;
import java.nio.file.Path;

/** The compiled model, with random weights. */
final class CompiledForward implements Forward {

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final CompiledViT compiled;
  private final Shape shape;

  CompiledForward(BenchCase wanted, Path file, int threads) {
    EngineThreads.set(threads);
    try (NDManager scope = NDManager.newBaseManager("PyTorch")) {
      VisionTransformer model = wanted.builder().build();
      model.initialize(scope);
      compiled =
          model.compile(
              switch (wanted.precision()) {
                case float32 -> CompileOptions.float32();
                case bfloat16 -> CompileOptions.bfloat16();
                case int8 -> CompileOptions.int8();
              });
    }
    shape = new Shape(wanted.batch(), 3, wanted.size(), wanted.size());
  }

  @Override
  public void run(FloatBuffer pixels) {
    try (NDManager scope = manager.newSubManager()) {
      compiled.logits(scope.create(pixels.duplicate(), shape)).toFloatArray();
    }
  }

  @Override
  public void close() {
    compiled.close();
    manager.close();
  }
}
