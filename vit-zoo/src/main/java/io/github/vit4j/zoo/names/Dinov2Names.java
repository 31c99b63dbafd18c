package io.github.vit4j.zoo.names;

import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.ViTConfig;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The names of facebookresearch/dinov2: timm's, except for {@code register_tokens}, {@code mlp.w12}
 * and {@code mlp.w3} of SwiGLU, and blocks that training groups in chunks, {@code blocks.0.3.}.
 */
final class Dinov2Names extends TorchNames {

  private static final Set<String> OUTSIDE =
      Set.of(
          "cls_token",
          "reg_token",
          "pos_embed",
          "patch_embed.proj.weight",
          "patch_embed.proj.bias",
          "norm.weight",
          "norm.bias",
          "head.weight",
          "head.bias");

  private static final Set<String> ATTENTION =
      Set.of("attn.qkv.weight", "attn.qkv.bias", "attn.proj.weight", "attn.proj.bias");

  private final int chunk;

  /**
   * @param chunk how many blocks a chunk has, or 0 where blocks are not chunked
   */
  Dinov2Names(int chunk) {
    this.chunk = chunk;
  }

  @Override
  public String family() {
    return "dinov2";
  }

  @Override
  String block(int index) {
    return chunk == 0 ? super.block(index) : "blocks." + index / chunk + "." + index + ".";
  }

  @Override
  @Nullable String inBlock(Place place, ViTConfig config) {
    String rest = place.rest();
    if (config.parallel() > 1 || (rest.startsWith("attn.") && !ATTENTION.contains(rest))) {
      return null;
    }
    String name = TimmNames.inSequentialBlock(place);
    return config.feedForward() == FeedForwardKind.SWIGLU
        ? name.replace("mlp.fc1", "mlp.w12").replace("mlp.fc2", "mlp.w3")
        : name;
  }

  @Override
  @Nullable String outside(String path, ViTConfig config) {
    if (!OUTSIDE.contains(path)) {
      return null;
    }
    return path.equals("reg_token") ? "register_tokens" : path;
  }

  @Override
  String remedy(ViTConfig config) {
    return "DINOv2's code has no such part; use timm names";
  }

  @Override
  boolean harmless(String tensor) {
    return tensor.equals("mask_token");
  }
}
