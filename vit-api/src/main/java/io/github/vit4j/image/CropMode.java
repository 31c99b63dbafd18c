package io.github.vit4j.image;

import com.google.gson.annotations.SerializedName;

/** How the evaluation transform brings an image of any shape to the model's input size. */
public enum CropMode {
  /** Scale with the aspect kept until the short side fits, then cut out the centre. */
  @SerializedName("center")
  CENTER,
  /** Scale each side on its own, then cut out the centre; with a crop ratio of 1 nothing is cut. */
  @SerializedName("squash")
  SQUASH
}
