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
  SHARED
}
