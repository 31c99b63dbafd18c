package io.github.vit4j.finetune.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.finetune.train.Objective;

/** A target of discrete tokens, learned by cross-entropy, as BEiT's. */
public interface TokenTarget extends Target {

  /** {@return how many tokens there are} */
  int vocabulary();

  /**
   * {@return the token of every patch, image by image and row by row}
   *
   * @param images of a batch
   */
  long[] tokens(PatchImages images);

  @Override
  default int outputs(int patchSize) {
    return vocabulary();
  }

  @Override
  default NDArray aims(PatchImages images, long... hidden) {
    long[] all = tokens(images);
    long[] wanted = new long[hidden.length];
    for (int i = 0; i < wanted.length; i++) {
      wanted[i] = all[(int) hidden[i]];
    }
    return PatchImages.own(images.pixels().getManager().create(wanted));
  }

  @Override
  default NDArray loss(NDArray predicted, NDArray aims) {
    NDArray index = aims.reshape(new Shape(aims.size(), 1));
    return predicted.logSoftmax(1).gather(index, 1).mean().neg();
  }

  @Override
  default Objective.Score score(NDArray predicted, NDArray aims) {
    try (NDManager scope = predicted.getManager().newSubManager()) {
      NDArray logits = predicted.stopGradient();
      logits.attach(scope);
      long right = logits.argMax(1).eq(aims).sum().getLong();
      return new Objective.Score(right, aims.size());
    }
  }
}
