package io.github.vit4j.finetune.loss;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.github.vit4j.compute.Scalars;
import io.github.vit4j.error.BadInputException;

/** What a student answers to the labels and to the teacher. */
record Heads(NDArray labelled, NDArray distilled) {

  static Heads of(NDList outputs, NDArray teacher) {
    if (outputs.isEmpty() || outputs.size() > 2) {
      throw new BadInputException(
          "the student gives %d outputs; distillation takes one or two".formatted(outputs.size()));
    }
    NDArray last = outputs.get(outputs.size() - 1);
    if (!last.getShape().equals(teacher.getShape())) {
      throw new BadInputException(
          "the teacher's logits are %s, the student's %s; both need the same classes"
              .formatted(teacher.getShape(), last.getShape()));
    }
    return new Heads(outputs.get(0), last);
  }

  static NDArray mixed(NDArray base, NDArray distillation, double alpha) {
    return Scalars.times(base, 1 - alpha).add(Scalars.times(distillation, alpha));
  }
}
