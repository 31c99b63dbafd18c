package io.github.vit4j.config;

import com.google.gson.annotations.SerializedName;

/** The non-linearity of the feed-forward branches. */
public enum Activation {
  /** The exact Gaussian error linear unit. */
  @SerializedName("gelu")
  GELU,

  /** Its tanh approximation, as JAX computes it. */
  @SerializedName("gelu_tanh")
  GELU_TANH,

  /** {@code x * sigmoid(1.702 x)}, as CLIP was trained with. */
  @SerializedName("quick_gelu")
  QUICK_GELU,

  /** {@code x * sigmoid(x)}. */
  @SerializedName("silu")
  SILU
}
