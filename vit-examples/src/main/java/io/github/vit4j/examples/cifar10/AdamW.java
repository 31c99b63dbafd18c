package io.github.vit4j.examples.cifar10;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.github.vit4j.model.ViTParameter;
import java.util.ArrayList;
import java.util.List;

/** AdamW (Loshchilov and Hutter 2017) without decay on vectors, with its state in plain sight. */
final class AdamW {

  private static final float BETA1 = 0.9f;
  private static final float BETA2 = 0.999f;
  private static final double HOPELESS = 100;

  private final List<ViTParameter> parameters;
  private final float decay;
  final List<NDArray> means = new ArrayList<>();
  final List<NDArray> variances = new ArrayList<>();

  AdamW(NDManager manager, List<ViTParameter> parameters, float decay) {
    this.parameters = parameters;
    this.decay = decay;
    for (ViTParameter p : parameters) {
      means.add(manager.zeros(p.shape()));
      variances.add(manager.zeros(p.shape()));
    }
  }

  /**
   * Moves the parameters along their gradients, clipped to a global norm, and zeroes those.
   *
   * @return false if the norm was so large or not even a number that the step was left out
   */
  boolean step(NDManager scope, int step, float rate, float maxNorm) {
    List<NDArray> gradients = new ArrayList<>();
    float squares = 0;
    for (ViTParameter p : parameters) {
      NDArray gradient = p.array().getGradient();
      gradient.attach(scope);
      gradients.add(gradient);
      NDArray square = gradient.square().sum();
      squares += square.getFloat();
    }
    double norm = Math.sqrt(squares);
    if (!(norm <= HOPELESS * maxNorm)) {
      gradients.forEach(gradient -> gradient.set(new NDIndex("..."), 0));
      return false;
    }
    float scale = (float) Math.min(1, maxNorm / (norm + 1e-6));
    double correction = Math.sqrt(1 - Math.pow(BETA2, step)) / (1 - Math.pow(BETA1, step));
    for (int i = 0; i < parameters.size(); i++) {
      ViTParameter p = parameters.get(i);
      NDArray weight = p.array();
      weight
          .getNDArrayInternal()
          .adamUpdate(
              new NDList(weight, gradients.get(i), means.get(i), variances.get(i)),
              new NDList(weight),
              rate,
              (float) (rate * correction),
              p.shape().dimension() > 1 && p.block() >= 0 ? decay : 0,
              scale,
              -1,
              BETA1,
              BETA2,
              1e-8f,
              false,
              true);
    }
    return true;
  }
}
