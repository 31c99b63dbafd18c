package io.github.vit4j.zoo.names;

import static io.github.vit4j.zoo.names.Word.flat;
import static io.github.vit4j.zoo.names.Word.named;
import static io.github.vit4j.zoo.names.Word.transposed;
import static java.util.Map.entry;

import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.ViTConfig;
import java.util.Map;

/**
 * The names of the vision tower in OpenAI's CLIP, which open_clip keeps: queries, keys and values
 * packed as PyTorch's multi-head attention packs them, and the projection to the space that images
 * share with texts as a bare matrix.
 */
final class ClipNames extends TranslatedNames {

  private static final String TOWER = "visual.";

  private static final Map<String, Word> WORDS =
      Map.of(
          "cls_token", flat("class_embedding"),
          "pos_embed", flat("positional_embedding"),
          "patch_embed.proj.weight", named("conv1.weight"),
          "norm_pre", named("ln_pre"),
          "norm", named("ln_post"),
          "fc_norm", named("ln_post"),
          "head.weight", transposed("proj"));

  private static final Map<String, Word> BLOCK =
      Map.ofEntries(
          entry("norm1", named("ln_1")),
          entry("norm2", named("ln_2")),
          entry("attn.qkv.weight", named("attn.in_proj_weight")),
          entry("attn.qkv.bias", named("attn.in_proj_bias")),
          entry("attn.proj", named("attn.out_proj")),
          entry("mlp.fc1", named("mlp.c_fc")),
          entry("mlp.fc2", named("mlp.c_proj")),
          entry("ls1.gamma", named("ls_1.gamma")),
          entry("ls2.gamma", named("ls_2.gamma")));

  @Override
  public String family() {
    return "clip";
  }

  @Override
  String tower() {
    return TOWER;
  }

  @Override
  String blocks() {
    return "transformer.resblocks.";
  }

  @Override
  Map<String, Word> inTower(ViTConfig config) {
    return WORDS;
  }

  @Override
  Map<String, Word> inBlock(ViTConfig config) {
    return config.feedForward() == FeedForwardKind.MLP ? BLOCK : Map.of();
  }

  @Override
  Map<String, Word> beside(ViTConfig config) {
    return Map.of();
  }

  /** The projection is a bare matrix; timm's model of it has a head, whose bias is zero. */
  @Override
  boolean zeroInFiles(String path) {
    return path.equals("head.bias");
  }

  @Override
  String remedy(ViTConfig config) {
    return "CLIP's code has no such part; use timm names";
  }

  @Override
  boolean harmless(String tensor, ViTConfig config) {
    // whatever is beside the tower is for texts
    return !tensor.startsWith(TOWER) || (config.classes() == 0 && tensor.equals(TOWER + "proj"));
  }
}
