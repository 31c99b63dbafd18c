package io.github.vit4j.zoo.names;

import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.ViTConfig;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of timm's {@code Beit}, which are those of Microsoft's code: {@code gamma_1}, {@code
 * attn.q_bias}, {@code attn.v_bias} and the tables of relative positions.
 */
final class BeitNames extends TorchNames {

  private static final Set<String> OUTSIDE =
      Set.of(
          "cls_token",
          "pos_embed",
          "patch_embed.proj.weight",
          "patch_embed.proj.bias",
          "rel_pos_bias.relative_position_bias_table",
          "norm.weight",
          "norm.bias",
          "fc_norm.weight",
          "fc_norm.bias",
          "head.weight",
          "head.bias");

  private static final Set<String> ATTENTION =
      Set.of(
          "attn.qkv.weight",
          "attn.q_bias",
          "attn.v_bias",
          "attn.relative_position_bias_table",
          "attn.proj.weight",
          "attn.proj.bias");

  @Override
  public String family() {
    return "beit";
  }

  @Override
  @Nullable String inBlock(Place place, ViTConfig config) {
    if (config.parallel() > 1) {
      return null;
    }
    String rest = place.rest();
    if (rest.equals("ls.gamma")) {
      return "gamma_" + place.number();
    }
    if (rest.startsWith("norm.")) {
      return "norm" + place.number() + rest.substring("norm".length());
    }
    if (rest.startsWith("mlp.")) {
      return config.feedForward() == FeedForwardKind.MLP ? rest : null;
    }
    return ATTENTION.contains(rest) ? rest : null;
  }

  @Override
  @Nullable String outside(String path, ViTConfig config) {
    return OUTSIDE.contains(path) ? path : null;
  }

  @Override
  String remedy(ViTConfig config) {
    return "BEiT has no such part; use timm names";
  }

  @Override
  boolean harmless(String tensor) {
    // the index follows from the grid; the mask token serves pre-training only
    return tensor.endsWith("relative_position_index") || tensor.equals("mask_token");
  }
}
