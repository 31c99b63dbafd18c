package io.github.vit4j.zoo.checkpoint.pickle;

/** Python's {@code None}. */
public enum None {
  /** The only one. */
  NONE
}
