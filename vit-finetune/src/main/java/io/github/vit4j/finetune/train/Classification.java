package io.github.vit4j.finetune.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.compute.Scalars;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.loss.BinaryCrossEntropy;
import io.github.vit4j.finetune.loss.ClassificationLoss;
import io.github.vit4j.finetune.loss.CrossEntropy;
import io.github.vit4j.finetune.loss.Distillation;
import io.github.vit4j.finetune.recipe.LossKind;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.ViTOutput;
import io.github.vit4j.zoo.ViTModel;
import org.jspecify.annotations.Nullable;

/** What a step minimises: the recipe's loss, a mean over two heads, or a teacher's share in it. */
final class Objective {

  private final ClassificationLoss loss;
  private final @Nullable ViTModel teacher;
  private final @Nullable Distillation distillation;

  private Objective(
      ClassificationLoss loss, @Nullable ViTModel teacher, @Nullable Distillation distillation) {
    this.loss = loss;
    this.teacher = teacher;
    this.distillation = distillation;
  }

  static Objective of(LossKind kind, @Nullable Teacher teacher) {
    ClassificationLoss loss = loss(kind);
    return teacher == null
        ? new Objective(loss, null, null)
        : new Objective(loss, teacher.model(), teacher.rule().over(loss));
  }

  private static ClassificationLoss loss(LossKind kind) {
    return switch (kind) {
      case CROSS_ENTROPY -> new CrossEntropy(0); // targets are smoothed as they are made
      case BINARY_CROSS_ENTROPY -> new BinaryCrossEntropy(0, 0.0);
    };
  }

  /** Another model to learn from, and how. */
  record Teacher(ViTModel model, FineTuner.DistillationRule rule) {

    void requireFit(EvalTransform preprocessing, int classes) {
      EvalTransform own = model.preprocessing();
      boolean same =
          own.height() == preprocessing.height()
              && own.width() == preprocessing.width()
              && own.mean().equals(preprocessing.mean())
              && own.std().equals(preprocessing.std());
      if (!same) {
        throw new BadInputException(
            "the teacher reads %d x %d pixels normalised by %s and %s, the student %d x %d by %s and %s; open the teacher with resolution(...), or choose one with the same normalisation"
                .formatted(
                    own.height(),
                    own.width(),
                    own.mean(),
                    own.std(),
                    preprocessing.height(),
                    preprocessing.width(),
                    preprocessing.mean(),
                    preprocessing.std()));
      }
      int known = model.network().config().classes();
      if (known != classes) {
        throw new BadInputException(
            "the teacher knows %d classes and the data has %d; a teacher must know the same"
                .formatted(known, classes));
      }
    }
  }

  /** The teacher's logits, owned by the manager of the pixels; null without a teacher. */
  @Nullable NDArray ask(NDArray pixels) {
    if (teacher == null) {
      return null;
    }
    NDManager owner = pixels.getManager();
    try (ViTOutput out = teacher.network().observe(pixels)) {
      NDArray logits = out.logits().duplicate();
      logits.attach(owner);
      return logits;
    }
  }

  /** The loss, of shape (). Two outputs are those of a distilled model's two heads. */
  NDArray of(NDList outputs, NDArray targets, @Nullable NDArray aim) {
    if (distillation != null && aim != null) {
      return distillation.between(outputs, targets, aim);
    }
    NDArray first = loss.between(outputs.get(0), targets);
    return outputs.size() == 1
        ? first
        : Scalars.times(first.add(loss.between(outputs.get(1), targets)), 0.5);
  }
}
