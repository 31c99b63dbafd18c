package io.github.vit4j.finetune.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.compute.Scalars;
import io.github.vit4j.error.BadInputException;

/** Brings labels and soft targets into one form. */
final class Targets {

  private Targets() {}

  /**
   * {@return soft targets (B, classes) in memory of the engine's own, whoever frees the given ones}
   *
   * @param smoothing the share of a label that goes to all classes alike; soft targets stay
   */
  static NDArray soft(NDArray logits, NDArray targets, double smoothing) {
    Shape shape = logits.getShape();
    if (shape.dimension() != 2) {
      throw new BadInputException("logits are %s, but must be (B, classes)".formatted(shape));
    }
    if (targets.getDataType().isFloating()) {
      requireShape(targets, shape);
      // toType does not copy where the type is right already, whatever it is told
      boolean float32 = targets.getDataType() == DataType.FLOAT32;
      NDArray copy = float32 ? targets.duplicate() : targets.toType(DataType.FLOAT32, true);
      copy.attach(logits.getManager());
      return copy;
    }
    requireShape(targets, new Shape(shape.get(0)));
    long classes = shape.get(1);
    NDArray labels = targets.duplicate();
    labels.attach(logits.getManager());
    labels = labels.toType(DataType.INT64, false);
    for (long label : labels.toLongArray()) {
      if (label < 0 || label >= classes) {
        throw new BadInputException(
            "label %d is none of the %d classes; labels count from 0".formatted(label, classes));
      }
    }
    NDArray oneHot = labels.oneHot(Math.toIntExact(classes));
    return smoothing == 0
        ? oneHot
        : Scalars.times(oneHot, 1 - smoothing).add((float) (smoothing / classes));
  }

  private static void requireShape(NDArray targets, Shape needed) {
    if (!targets.getShape().equals(needed)) {
      throw new BadInputException(
          "targets of shape %s and type %s do not fit logits; give integer labels (B) or soft targets (B, classes), here %s"
              .formatted(targets.getShape(), targets.getDataType(), needed));
    }
  }

  static void requireShare(String what, double share) {
    if (!(share >= 0 && share <= 1)) {
      throw new BadInputException("%s is %s; give a number from 0 to 1".formatted(what, share));
    }
  }
}
