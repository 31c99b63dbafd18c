package io.github.vit4j.config;

import com.google.gson.annotations.SerializedName;

/**
 * How learned positions are carried to another grid of patches. Libraries differ, and a checkpoint
 * gives the numbers that its authors saw only with the way of its own library: mixing them up costs
 * a few percent of the largest output.
 *
 * <p>All but {@link #BILINEAR_CORNERS} place the centres of the cells of both grids half a cell
 * from the border.
 */
public enum PositionResampling {
  /**
   * Cubic with parameter -0.5, stretched when shrinking and renormalised at the border: PyTorch's
   * {@code antialias=True}. timm and open_clip do so, transformers for DINOv2 with registers, and
   * Meta's code for those. BEiT's tables are resampled linearly between knots whose distances grow
   * by a constant factor, as timm does and, with cubic pieces, BEiT's code.
   */
  @SerializedName("bicubic_antialiased")
  BICUBIC_ANTIALIASED,

  /**
   * Cubic with parameter -0.75, the border repeated, whatever the scale: PyTorch's default, as in
   * transformers for ViT, DeiT, BEiT, DINOv2, CLIP and SigLIP, and in the code of DeiT and MAE.
   * BEiT's tables are resampled linearly, as transformers does.
   */
  @SerializedName("bicubic")
  BICUBIC,

  /**
   * As {@link #BICUBIC}, but the new grid counts as a tenth of a cell larger than it is, which
   * shifts every sample: the code of DINO, and of DINOv2 without registers.
   */
  @SerializedName("bicubic_offset")
  BICUBIC_OFFSET,

  /**
   * Linear, with the outermost cells of both grids on each other: big_vision and
   * google-research/vision_transformer, which call SciPy's {@code zoom} of order 1.
   */
  @SerializedName("bilinear_corners")
  BILINEAR_CORNERS
}
