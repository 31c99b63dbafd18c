package io.github.vit4j.finetune.recipe;

/** How the learning rate goes after the warm-up. */
public enum ScheduleKind {
  /** Half a cosine from the rate to the final rate. */
  COSINE,
  /** It stays. */
  CONSTANT
}
