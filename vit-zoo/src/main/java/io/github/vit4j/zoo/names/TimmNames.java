package io.github.vit4j.zoo.names;

import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.ViTConfig;

/**
 * The names of timm's {@code VisionTransformer}: {@code norm1, attn, ls1, norm2, mlp, ls2} in a
 * sequential block, {@code attns.j.*} and {@code ffns.j.*} in a parallel one. An hMLP stem, which
 * timm lacks, keeps the numbers that it has in the paper's code. The code of MAE and DINO has the
 * same names.
 *
 * <p>Our own paths are made of the same words, so there is a name for every model, also for those
 * that no class of timm describes.
 */
final class TimmNames extends TorchNames {

  /** How open_clip names a tower that it takes from timm. */
  static final String IN_OPEN_CLIP = "visual.trunk.";

  private final String prefix;

  TimmNames(String prefix) {
    this.prefix = prefix;
  }

  @Override
  public String family() {
    return prefix.isEmpty() ? "timm" : "open_clip_timm";
  }

  @Override
  String prefix() {
    return prefix;
  }

  @Override
  String inBlock(Place place, ViTConfig config) {
    String rest = place.rest();
    if (config.parallel() > 1) {
      String kind = place.number() == 1 ? "attns." : "ffns.";
      return kind + place.branch() + "." + rest;
    }
    return inSequentialBlock(place);
  }

  static String inSequentialBlock(Place place) {
    String rest = place.rest();
    if (rest.startsWith("norm.") || rest.startsWith("ls.")) {
      int dot = rest.indexOf('.');
      return rest.substring(0, dot) + place.number() + rest.substring(dot);
    }
    return rest;
  }

  /** Normed before or after the pooling, a class token is the same: timm's CLIP has the former. */
  @Override
  String outside(String path, ViTConfig config) {
    return config.pooling() == Pooling.TOKEN && path.startsWith("fc_norm.")
        ? path.substring("fc_".length())
        : path;
  }

  @Override
  String remedy(ViTConfig config) {
    return "timm names exist for every model";
  }

  @Override
  boolean harmless(String tensor) {
    if (!tensor.startsWith(prefix)) {
      // the text tower of a pair, and the projection that stands outside timm's tower
      return !tensor.startsWith("visual.") || tensor.startsWith("visual.head.");
    }
    // the token for masked patches and the decoder that restores them serve pre-training only
    String rest = tensor.substring(prefix.length());
    return rest.equals("mask_token") || rest.startsWith("decoder_");
  }
}
