package io.github.vit4j.zoo.names;

import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.ViTConfig;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of {@code models_v2.py} in facebookresearch/deit, the code of Three things everyone
 * should know about ViTs and of DeiT III: {@code gamma_1} for LayerScale, and a second branch
 * {@code norm11, attn1, gamma_1_1, norm21, mlp1, gamma_2_1}.
 */
final class DeitV2Names extends TorchNames {

  private static final int MOST_BRANCHES = 2;

  private static final Set<String> OUTSIDE =
      Set.of("cls_token", "pos_embed", "norm.weight", "norm.bias", "head.weight", "head.bias");

  private static final Set<String> ATTENTION =
      Set.of("attn.qkv.weight", "attn.qkv.bias", "attn.proj.weight", "attn.proj.bias");

  @Override
  public String family() {
    return "deit_v2";
  }

  @Override
  @Nullable String inBlock(Place place, ViTConfig config) {
    if (place.branch() >= MOST_BRANCHES) {
      return null;
    }
    String second = place.branch() == 0 ? "" : "1";
    String rest = place.rest();
    if (rest.equals("ls.gamma")) {
      return "gamma_" + place.number() + (second.isEmpty() ? "" : "_" + second);
    }
    int dot = rest.indexOf('.');
    String module = rest.substring(0, dot);
    return switch (module) {
      case "norm" -> module + place.number() + second + rest.substring(dot);
      case "attn" -> ATTENTION.contains(rest) ? module + second + rest.substring(dot) : null;
      default ->
          config.feedForward() == FeedForwardKind.MLP
              ? module + second + rest.substring(dot)
              : null;
    };
  }

  @Override
  @Nullable String outside(String path, ViTConfig config) {
    return OUTSIDE.contains(path) || path.startsWith("patch_embed.") ? path : null;
  }

  @Override
  String remedy(ViTConfig config) {
    return config.parallel() > MOST_BRANCHES
        ? "the paper's code has at most 2 parallel branches, but the model has %d; use timm names"
            .formatted(config.parallel())
        : "the paper's code has no such part; use timm names";
  }

  @Override
  boolean harmless(String tensor) {
    return false;
  }
}
