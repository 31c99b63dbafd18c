package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;

/**
 * BatchNorm over the channels of (B, C, h, w).
 *
 * <p>When its weight is frozen it normalises by the running statistics also in training and leaves
 * them alone: a frozen stem must not drift.
 */
final class BatchNorm extends Part {

  /** DJL's sense of the word: the share of the old statistic that stays. PyTorch says 0.1. */
  private static final float MOMENTUM = 0.9f;

  private final Parameter weight;
  private final Parameter bias;
  private final Parameter runningMean;
  private final Parameter runningVar;
  private final float eps;

  BatchNorm(long channels, double eps) {
    this.eps = (float) eps;
    Init zeros = new Init.Constant(0);
    Init ones = new Init.Constant(1);
    weight = weight("weight", Parameter.Type.GAMMA, Role.STEM, ones, channels);
    bias = weight("bias", Parameter.Type.BETA, Role.STEM, zeros, channels);
    runningMean = weight("running_mean", Parameter.Type.RUNNING_MEAN, Role.STEM, zeros, channels);
    runningVar = weight("running_var", Parameter.Type.RUNNING_VAR, Role.STEM, ones, channels);
  }

  @Override
  NDArray apply(Pass pass, NDArray x) {
    boolean byBatch = pass.training() && weight.requiresGradient();
    Shape shape = x.getShape();
    // (B, C, h, w) -> (B, C, h * w): of one image in four dimensions the engine takes a gradient
    // that comes through a transpose for one in x's order, and gives wrong ones
    NDArray rows = x.reshape(shape.get(0), shape.get(1), -1);
    return rows.getNDArrayInternal()
        .batchNorm(
            rows,
            pass.get(runningMean, x),
            pass.get(runningVar, x),
            pass.get(weight, x),
            pass.get(bias, x),
            -1,
            MOMENTUM,
            eps,
            byBatch)
        .singletonOrThrow()
        .reshape(shape);
  }
}
