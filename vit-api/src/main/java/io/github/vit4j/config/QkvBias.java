package io.github.vit4j.config;

import com.google.gson.annotations.SerializedName;

/** Which of the query, key and value projections have a bias. */
public enum QkvBias {
  /** All three, one bias of 3 x width. */
  @SerializedName("all")
  ALL,

  /** Query and value only, as in BEiT: a key bias cancels in the softmax. */
  @SerializedName("qv_only")
  QV_ONLY,

  /** None. */
  @SerializedName("none")
  NONE
}
