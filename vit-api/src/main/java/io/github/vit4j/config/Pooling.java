package io.github.vit4j.config;

import com.google.gson.annotations.SerializedName;

/** How the tokens after the last block become one feature vector an image. */
public enum Pooling {
  /** The class token (averaged over heads with a distillation token). */
  @SerializedName("token")
  TOKEN,

  /** The mean of the patch tokens; class, distillation and register tokens are left out. */
  @SerializedName("mean")
  MEAN,

  /**
   * The class token and the mean of the patch tokens, one after the other: twice as wide as a
   * token, as DINOv2's classifiers read it.
   */
  @SerializedName("token_and_mean")
  TOKEN_AND_MEAN,

  /**
   * Multihead attention pooling: a learned probe attends to the patch tokens, then one MLP with a
   * residual (Scaling Vision Transformers, section 3.2). The paper's models have no other tokens;
   * class, distillation and register tokens are left out, as timm leaves them out.
   */
  @SerializedName("map")
  MAP
}
