package io.github.vit4j.examples.bench;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.compute.Scalars;
import io.github.vit4j.finetune.optim.Adafactor;
import io.github.vit4j.finetune.optim.AdamW;
import io.github.vit4j.finetune.optim.Optimizer;
import io.github.vit4j.finetune.optim.ParameterGroups;
import io.github.vit4j.finetune.optim.TrainingStep;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.io.IOException;

/**
 * Steps of one optimiser in a fresh process; prints the bytes that it keeps, the resident memory
 * that came with it, and the nanoseconds of a step.
 */
final class OptimizerOnce {

  private static final int STEPS = 3;

  private OptimizerOnce() {}

  /**
   * Measures.
   *
   * @param arguments {@code adamw} or {@code adafactor}, {@code float32} or {@code bfloat16}, and a
   *     shape
   * @throws Exception if the system does not tell
   */
  public static void main(String[] arguments) throws Exception {
    ChildJvm.measure(() -> measure(arguments));
  }

  private static void measure(String[] arguments) throws IOException {
    Optimizer.Builder builder =
        arguments[0].equals("adamw") ? AdamW.builder() : Optimizer.by(Adafactor.DEFAULT);
    if (arguments[1].equals("bfloat16")) {
      builder.bfloat16Momentum();
    }
    VisionTransformer vit =
        arguments[2].equals("tiny") ? ViT.builder().tiny().build() : ViT.builder().base().build();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      vit.initialize(manager);
      gradients(vit, manager);
      System.gc();
      long before = ChildJvm.resident();
      try (Optimizer optimizer = builder.groups(ParameterGroups.of(vit.trainable())).build()) {
        optimizer.step();
        long after = ChildJvm.resident();
        long start = System.nanoTime();
        for (int i = 0; i < STEPS; i++) {
          optimizer.step();
        }
        long nanos = (System.nanoTime() - start) / STEPS;
        long kept =
            optimizer.state().values().stream()
                .mapToLong(a -> a.getShape().size() * a.getDataType().getNumOfBytes())
                .sum();
        System.out.println(kept + " " + (after - before) + " " + nanos);
      }
    }
  }

  /** So that their memory is there before the optimiser's. */
  private static void gradients(VisionTransformer vit, NDManager manager) {
    for (ViTParameter p : vit.trainable()) {
      try (TrainingStep step = TrainingStep.begin(manager)) {
        var own = p.array().square();
        own.attach(step.manager());
        step.backward(Scalars.times(own.sum(), .5));
      }
    }
  }
}
