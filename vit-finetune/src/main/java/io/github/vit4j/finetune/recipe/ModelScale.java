package io.github.vit4j.finetune.recipe;

/** The sizes of model that recipes differ in. */
public enum ModelScale {
  /** Width 192. */
  TINY,
  /** Width 384. */
  SMALL,
  /** Width 768. */
  BASE,
  /** Width 1024. */
  LARGE
}
