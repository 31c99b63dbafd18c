package io.github.vit4j.finetune.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * Each class on its own against yes and no, {@code log(1 + e^x) - t x}, averaged over classes and
 * batch: the loss of DeiT III and of Three things everyone should know about ViTs.
 *
 * @param smoothing share of an integer label that is spread over all classes alike; soft targets
 *     are taken as they are
 * @param threshold where given, targets above it become 1 and all others 0, as timm's {@code
 *     --bce-target-thresh}
 */
public record BinaryCrossEntropy(double smoothing, @Nullable Double threshold)
    implements ClassificationLoss {

  /** Checks the shares. */
  public BinaryCrossEntropy {
    Targets.requireShare("label smoothing", smoothing);
    if (threshold != null) {
      Targets.requireShare("the targets' threshold", threshold);
    }
  }

  /** Neither smoothing nor threshold. */
  public BinaryCrossEntropy() {
    this(0, null);
  }

  /**
   * {@return the loss without smoothing or threshold, of shape ()}
   *
   * @param logits (B, classes)
   * @param targets integer labels (B), or soft targets (B, classes)
   * @throws io.github.vit4j.error.BadInputException if the targets do not fit the logits
   */
  public static NDArray of(NDArray logits, NDArray targets) {
    return new BinaryCrossEntropy().between(logits, targets);
  }

  @Override
  public NDArray between(NDArray logits, NDArray targets) {
    NDArray soft = Targets.soft(logits, targets, smoothing);
    if (threshold != null) {
      soft = soft.gt(threshold.floatValue()).toType(DataType.FLOAT32, false);
    }
    // not max(x, 0) - t x + log(1 + e^-|x|): that form has no slope of 1/2 at 0, where a head that
    // was initialised with zeros begins
    return logits.getNDArrayInternal().softPlus().sub(logits.mul(soft)).mean();
  }
}
