package io.github.vit4j.config;

import com.google.gson.annotations.SerializedName;

/** The normalisation between the layers of an hMLP or convolutional stem. */
public enum StemNorm {
  /** BatchNorm, the paper's default. */
  @SerializedName("batch_norm")
  BATCH_NORM,

  /** LayerNorm over the channels of each position. */
  @SerializedName("layer_norm")
  LAYER_NORM
}
