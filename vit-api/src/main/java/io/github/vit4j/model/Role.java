package io.github.vit4j.model;

/**
 * What a parameter is for. Fine-tuning strategies, weight decay and summaries decide by role, never
 * by a match on the name.
 */
public enum Role {
  /** The stem that turns the image into patch tokens, its inner norms included. */
  STEM,
  /** Absolute position embedding, and BEiT's relative position table where all blocks share it. */
  POS_EMBED,
  /** Class, distillation and register tokens. */
  TOKEN,
  /** Every LayerNorm outside the stem, the attention modules and the pool. */
  NORM,
  /** Everything inside an attention module of any branch: projections, qk norms, its bias table. */
  ATTENTION,
  /** The two layers of a feed-forward branch. */
  FEED_FORWARD,
  /** The per-channel scale of a branch's output. */
  LAYER_SCALE,
  /** Attention pooling. */
  POOL,
  /** The classifiers. */
  HEAD,
  /** Low-rank branches beside linear layers of the attention modules, see {@link LowRank}. */
  ADAPTER
}
