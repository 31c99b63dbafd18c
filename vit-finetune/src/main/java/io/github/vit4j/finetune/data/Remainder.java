package io.github.vit4j.finetune.data;

/** What becomes of an epoch's last images where they do not fill a batch. */
public enum Remainder {
  /** They are left out, in training: another epoch leaves out others. */
  DROP,
  /** They come as a smaller batch. */
  KEEP,
  /**
   * They come as a batch of full shape whose other rows are 0, with the label -1 and no target, for
   * code that needs one shape; {@link ImageBatch#size()} tells how many are real.
   */
  PAD
}
