package io.github.vit4j.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.examples.bench.BenchCase.Work;
import io.github.vit4j.finetune.loss.CrossEntropy;
import io.github.vit4j.finetune.optim.AdamW;
import io.github.vit4j.finetune.optim.Optimizer;
import io.github.vit4j.finetune.optim.TrainingStep;
import io.github.vit4j.finetune.strategy.FreezeAllButAttention;
import io.github.vit4j.finetune.strategy.FullFineTuning;
import io.github.vit4j.model.VisionTransformer;
import java.nio.FloatBuffer;

/** Training steps on one batch: forward, backward, AdamW. */
final class TrainingLoop implements Forward {

  private static final double RATE = 1e-5;

  private final NDManager manager = NDManager.newBaseManager("PyTorch");
  private final VisionTransformer model;
  private final Optimizer optimizer;
  private final Shape shape;
  private final boolean recompute;

  TrainingLoop(BenchCase wanted, int threads) {
    EngineThreads.set(threads);
    model = wanted.builder().build();
    model.initialize(manager);
    boolean all = wanted.work() != Work.train_attention;
    recompute = wanted.work() == Work.train_recompute;
    (all ? new FullFineTuning() : new FreezeAllButAttention()).applyTo(model);
    optimizer = AdamW.over(model.trainable(), RATE);
    shape = new Shape(wanted.batch(), 3, wanted.size(), wanted.size());
  }

  @Override
  public void run(FloatBuffer pixels) {
    try (TrainingStep step = TrainingStep.begin(manager)) {
      if (recompute) {
        step.recompute(1);
      }
      NDArray images = step.manager().create(pixels.duplicate(), shape);
      NDArray labels = step.manager().create(new int[(int) shape.get(0)]);
      NDArray logits = step.forward(model, images);
      step.backward(new CrossEntropy(0).between(logits, labels));
      optimizer.step(RATE);
    }
  }

  @Override
  public void close() {
    optimizer.close();
    manager.close();
  }
}
