package io.github.vit4j.config;

import com.google.gson.annotations.SerializedName;

/** Where the last LayerNorm stands. */
public enum FinalNorm {
  /** On all tokens, before pooling: the usual place. */
  @SerializedName("before_pool")
  BEFORE_POOL,

  /**
   * On the pooled vector only, as timm's and BEiT's {@code fc_norm} after mean pooling, and CLIP's
   * {@code ln_post} on the class token.
   */
  @SerializedName("after_pool")
  AFTER_POOL
}
