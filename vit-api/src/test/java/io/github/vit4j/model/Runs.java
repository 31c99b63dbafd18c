package io.github.vit4j.model;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;

/** One pass through a model, with everything freed that it made. */
final class Runs {

  private Runs() {}

  /** The first output at inference. */
  static float[] infer(VisionTransformer model, NDArray images) {
    return pass(model, images, false);
  }

  /** The first output of a pass as in training, without gradients. */
  static float[] train(VisionTransformer model, NDArray images) {
    return pass(model, images, true);
  }

  private static float[] pass(VisionTransformer model, NDArray images, boolean training) {
    try (NDManager scope = images.getManager().newSubManager()) {
      NDArray mine = images.duplicate();
      mine.attach(scope);
      NDList out = model.forward(new ParameterStore(scope, false), new NDList(mine), training);
      return out.get(0).toFloatArray();
    }
  }

  /** One backward pass from the mean square of all outputs. */
  static void backward(VisionTransformer model, NDArray images) {
    try (NDManager scope = images.getManager().newSubManager();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray mine = images.duplicate();
      mine.attach(scope);
      NDList out = model.forward(new ParameterStore(scope, false), new NDList(mine), true);
      NDArray loss = out.get(0).square().mean();
      for (NDArray other : out.subNDList(1)) {
        loss = loss.add(other.square().mean());
      }
      collector.backward(loss);
    }
  }
}
