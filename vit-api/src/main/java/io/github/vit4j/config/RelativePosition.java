package io.github.vit4j.config;

import com.google.gson.annotations.SerializedName;

/** BEiT's relative position bias, added to the attention scores. */
public enum RelativePosition {
  /** None. */
  @SerializedName("none")
  NONE,

  /** Each attention branch has its own table. */
  @SerializedName("per_block")
  PER_BLOCK,

  /** One table serves all blocks, as in BEiT's pre-training. */
  @SerializedName("shared")
  SHARED,

  /** Both, added to each other. */
  @SerializedName("shared_and_per_block")
  SHARED_AND_PER_BLOCK;

  /** {@return whether each attention branch has a table} */
  public boolean perBlock() {
    return this == PER_BLOCK || this == SHARED_AND_PER_BLOCK;
  }

  /** {@return whether there is a table that serves all blocks} */
  public boolean shared() {
    return this == SHARED || this == SHARED_AND_PER_BLOCK;
  }
}
