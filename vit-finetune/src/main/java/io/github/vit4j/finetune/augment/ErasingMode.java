package io.github.vit4j.finetune.augment;

/** What an erased rectangle is filled with, on normalised pixels. */
public enum ErasingMode {
  /** 0, the mean colour. */
  CONST,
  /** One standard normal draw a channel. */
  RAND,
  /** A standard normal draw for every value. */
  PIXEL
}
