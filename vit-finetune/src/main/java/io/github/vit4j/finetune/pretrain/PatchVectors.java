package io.github.vit4j.finetune.pretrain;

import ai.djl.ndarray.NDArray;

/** Turns each patch into a vector, of which a codebook is made. */
public interface PatchVectors {

  /** {@return how long a vector is} */
  int width();

  /** {@return side of a patch in pixels} */
  int patchSize();

  /**
   * {@return a vector for each patch, (B * N, width)}
   *
   * @param images of a batch
   */
  NDArray of(PatchImages images);

  /** {@return what tells two kinds apart: a codebook works with the kind that it was made with} */
  String identity();
}
