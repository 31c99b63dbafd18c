package io.github.vit4j.config;

import com.google.gson.annotations.SerializedName;

/** The absolute position embedding that is added to the patch tokens. */
public enum PositionEmbedding {
  /** One learned vector a position. */
  @SerializedName("learned")
  LEARNED,

  /** Fixed sines and cosines of the patch's column and row, as in MAE; not trained. */
  @SerializedName("sin_cos")
  SIN_COS,

  /** None. */
  @SerializedName("none")
  NONE
}
