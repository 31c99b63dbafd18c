package io.github.vit4j.finetune.train;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.zoo.ViTModel;

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
