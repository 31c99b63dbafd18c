package io.github.vit4j.zoo.names;

import io.github.vit4j.config.ViTConfig;

/**
 * The names of timm's {@code VisionTransformer}: {@code norm1, attn, ls1, norm2, mlp, ls2} in a
 * sequential block, {@code attns.j.*} and {@code ffns.j.*} in a parallel one. An hMLP stem, which
 * timm lacks, keeps the numbers that it has in the paper's code.
 *
 * <p>Our own paths are made of the same words, so there is a name for every model, also for those
 * that no class of timm describes.
 */
final class TimmNames extends TorchNames {

  @Override
  public String family() {
    return "timm";
  }

  @Override
  String inBlock(Place place, ViTConfig config) {
    String rest = place.rest();
    if (config.parallel() > 1) {
      String kind = place.number() == 1 ? "attns." : "ffns.";
      return kind + place.branch() + "." + rest;
    }
    if (rest.startsWith("norm.") || rest.startsWith("ls.")) {
      int dot = rest.indexOf('.');
      return rest.substring(0, dot) + place.number() + rest.substring(dot);
    }
    return rest;
  }

  @Override
  String outside(String path) {
    return path;
  }

  @Override
  String remedy(ViTConfig config) {
    return "timm names exist for every model";
  }

  @Override
  boolean harmless(String tensor) {
    // DINOv2's token for masked patches, which only its pre-training uses
    return tensor.equals("mask_token");
  }
}
