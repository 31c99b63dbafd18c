package io.github.vit4j.config;

import com.google.gson.annotations.SerializedName;

/** What a feed-forward branch computes. */
public enum FeedForwardKind {
  /** {@code fc2(act(fc1(x)))}. */
  @SerializedName("mlp")
  MLP,

  /**
   * {@code fc2(act(a) * b)} with {@code (a, b)} the halves of {@code fc1(x)}; fc1 is therefore
   * twice as wide as {@code mlpWidth}.
   */
  @SerializedName("swiglu")
  SWIGLU
}
