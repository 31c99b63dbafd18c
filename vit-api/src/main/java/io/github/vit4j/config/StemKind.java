package io.github.vit4j.config;

import com.google.gson.annotations.SerializedName;

/** The family of the stem, which turns an image into patch tokens. */
public enum StemKind {
  /** One linear projection a patch. */
  @SerializedName("linear")
  LINEAR,

  /**
   * The hierarchical MLP of Three things everyone should know about ViTs (section 5): patches stay
   * independent.
   */
  @SerializedName("hmlp")
  HMLP,

  /**
   * Overlapping 3x3 convolutions of stride 2 as in LeViT: the baseline that the paper compares
   * with.
   */
  @SerializedName("conv")
  CONV
}
