package io.github.vit4j.zoo.names;

import static io.github.vit4j.zoo.names.Word.flat;
import static io.github.vit4j.zoo.names.Word.named;
import static io.github.vit4j.zoo.names.Word.packed;
import static io.github.vit4j.zoo.names.Word.split;
import static java.util.Map.entry;

import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.ViTConfig;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names of the vision towers of Hugging Face transformers' CLIP and SigLIP, alone or beside a
 * text tower.
 */
final class TransformersTowerNames extends TranslatedNames {

  /** Which pair the tower is of. */
  enum Kind {
    CLIP("clip"),
    SIGLIP("siglip");

    private final String modelType;

    Kind(String modelType) {
      this.modelType = modelType;
    }

    String family() {
      return "transformers_" + modelType;
    }
  }

  /** What names begin with, except in a lone tower's file since transformers 5. */
  static final String PREFIX = "vision_model.";

  private static final Map<String, Word> BLOCK =
      Map.of(
          "norm1", named("layer_norm1"),
          "norm2", named("layer_norm2"),
          "attn.qkv", split("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"),
          "attn.proj", named("self_attn.out_proj"),
          "mlp.fc1", named("mlp.fc1"),
          "mlp.fc2", named("mlp.fc2"));

  /** Before or after the pooling, a class token's norm is the same. */
  private static final Map<String, Word> CLIP =
      Map.of(
          "cls_token", flat("embeddings.class_embedding"),
          "pos_embed", flat("embeddings.position_embedding.weight"),
          "patch_embed.proj", named("embeddings.patch_embedding"),
          "norm_pre", named("pre_layrnorm"), // transformers spells it so
          "norm", named("post_layernorm"),
          "fc_norm", named("post_layernorm"));

  private static final Map<String, Word> SIGLIP =
      Map.ofEntries(
          entry("pos_embed", flat("embeddings.position_embedding.weight")),
          entry("patch_embed.proj", named("embeddings.patch_embedding")),
          entry("norm", named("post_layernorm")),
          entry("attn_pool.latent", named("head.probe")),
          entry("attn_pool.q", packed("head.attention.in_proj", 0, 1)),
          entry("attn_pool.kv", packed("head.attention.in_proj", 1, 2)),
          entry("attn_pool.proj", named("head.attention.out_proj")),
          entry("attn_pool.norm", named("head.layernorm")),
          entry("attn_pool.mlp.fc1", named("head.mlp.fc1")),
          entry("attn_pool.mlp.fc2", named("head.mlp.fc2")));

  private static final Pattern HEADS = Pattern.compile("(visual_projection|classifier)\\..+");

  private final Kind kind;
  private final String prefix;

  /**
   * @param prefix {@link #PREFIX} or nothing
   */
  TransformersTowerNames(Kind kind, String prefix) {
    this.kind = kind;
    this.prefix = prefix;
  }

  @Override
  public String family() {
    return kind.family();
  }

  @Override
  String tower() {
    return prefix;
  }

  @Override
  String blocks() {
    return "encoder.layers.";
  }

  @Override
  Map<String, Word> inTower(ViTConfig config) {
    return kind == Kind.CLIP ? CLIP : SIGLIP;
  }

  @Override
  Map<String, Word> inBlock(ViTConfig config) {
    return config.feedForward() == FeedForwardKind.MLP ? BLOCK : Map.of();
  }

  @Override
  Map<String, Word> beside(ViTConfig config) {
    return kind == Kind.CLIP
        ? Map.of("head.weight", named("visual_projection.weight"))
        : Map.of("head", named("classifier"));
  }

  /** The projection is a bare matrix; timm's model of it has a head, whose bias is zero. */
  @Override
  boolean zeroInFiles(String path) {
    return kind == Kind.CLIP && path.equals("head.bias");
  }

  @Override
  String remedy(ViTConfig config) {
    return "transformers' class has no such part; use timm names";
  }

  @Override
  boolean harmless(String tensor, ViTConfig config) {
    if (HEADS.matcher(tensor).matches()) {
      return config.classes() == 0;
    }
    if (!tensor.startsWith(prefix)) {
      return true; // whatever else is beside the tower is for texts
    }
    // a classifier on the mean leaves the attention pool unused
    boolean unusedPool = config.pooling() != Pooling.MAP && tensor.startsWith(prefix + "head.");
    return unusedPool || tensor.endsWith("embeddings.position_ids");
  }
}
