package io.github.vit4j.examples.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.github.vit4j.ViT;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.io.IOException;
import java.nio.file.Path;

/**
 * One measurement of a large model in a fresh process; prints nanoseconds until it has its values,
 * nanoseconds of the first and of the second forward pass, and the peak of the memory in bytes.
 */
final class LargeOnce {

  private LargeOnce() {}

  /**
   * Measures.
   *
   * @param arguments {@code engine}, {@code draw VARIANT}, {@code save VARIANT FILE} or {@code open
   *     FILE}
   * @throws Exception if the system does not tell
   */
  public static void main(String[] arguments) throws Exception {
    ChildJvm.measure(() -> measure(arguments));
  }

  private static void measure(String[] arguments) throws IOException {
    long start = System.nanoTime();
    switch (arguments[0]) {
      case "engine" -> {
        try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
          NDArray ones = manager.ones(new Shape(8, 8));
          ones.matMul(ones).toFloatArray();
        }
        report(0, 0, 0);
      }
      case "open" -> {
        try (ViTModel model = ViTModel.open(Path.of(arguments[1]))) {
          passes(model.network(), model.djlModel().getNDManager(), System.nanoTime() - start);
        }
      }
      default -> {
        Model model = Model.newInstance("large", Device.cpu(), "PyTorch");
        VisionTransformer network = ViT.builder().variant(arguments[1]).build();
        network.initialize(model.getNDManager());
        model.setBlock(network);
        long drawn = System.nanoTime() - start;
        int side = network.config().imageHeight();
        try (ViTModel owner =
            ViTModel.of(model, EvalTransform.ofSize(side), Label.numbered(1000))) {
          if (arguments[0].equals("save")) {
            owner.save(Path.of(arguments[2]), TensorType.F32);
            report(drawn, 0, 0);
          } else {
            passes(network, model.getNDManager(), drawn);
          }
        }
      }
    }
  }

  private static void passes(VisionTransformer network, NDManager manager, long ready)
      throws IOException {
    long first = pass(network, manager);
    report(ready, first, pass(network, manager));
  }

  private static long pass(VisionTransformer network, NDManager manager) {
    long start = System.nanoTime();
    try (NDManager scope = manager.newSubManager()) {
      NDArray image = scope.randomUniform(-1, 1, network.inputShape(), DataType.FLOAT32);
      float[] logits =
          network
              .forward(new ParameterStore(scope, false), new NDList(image), false)
              .get(0)
              .toFloatArray();
      for (float logit : logits) {
        if (!Float.isFinite(logit)) {
          throw new IllegalStateException("a logit is " + logit);
        }
      }
    }
    return System.nanoTime() - start;
  }

  private static void report(long ready, long first, long second) throws IOException {
    System.out.println(ready + " " + first + " " + second + " " + ChildJvm.peakResident());
  }
}
