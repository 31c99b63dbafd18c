package io.github.vit4j.finetune.recipe;

/** How the learning rate goes after the warm-up. */
public enum ScheduleKind {
  /** Half a cosine from the rate to the final rate. */
  COSINE,
  /** It stays. */
  CONSTANT,
  /**
   * It falls with the inverse square root of the steps since the warm-up (Zhai et al. 2021, Scaling
   * Vision Transformers). It follows from no number of epochs, so a run can always be prolonged.
   */
  INVERSE_SQUARE_ROOT
}
