package io.github.vit4j.zoo.names;

import static io.github.vit4j.zoo.names.Word.named;
import static io.github.vit4j.zoo.names.Word.split;
import static java.util.Map.entry;

import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.ViTConfig;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names of Hugging Face transformers' ViT, DeiT, BEiT and DINOv2, which have one layout:
 * queries, keys and values apart, and a head beside the tower.
 */
final class TransformersNames extends TranslatedNames {

  /** The model classes; the tower's name is the prefix in all but the bare model's files. */
  enum Kind {
    VIT("vit"),
    DEIT("deit"),
    BEIT("beit"),
    DINOV2("dinov2"),
    DINOV2_WITH_REGISTERS("dinov2_with_registers");

    private final String modelType;

    Kind(String modelType) {
      this.modelType = modelType;
    }

    String family() {
      return "transformers_" + modelType;
    }

    String prefix() {
      return modelType + ".";
    }

    private boolean dinov2() {
      return this == DINOV2 || this == DINOV2_WITH_REGISTERS;
    }
  }

  /** An index that follows from the grid, tokens and decoders of pre-training, an unused pooler. */
  private static final Pattern HARMLESS =
      Pattern.compile(
          "(.*\\.)?relative_position_index|embeddings\\.mask_token|pooler\\.dense\\..+"
              + "|decoder\\..+|lm_head\\..+");

  private static final Pattern HEADS =
      Pattern.compile("(classifier|cls_classifier|distillation_classifier)\\..+");

  private static final Map<String, Word> TOWER =
      Map.of(
          "cls_token", named("embeddings.cls_token"),
          "pos_embed", named("embeddings.position_embeddings"),
          "patch_embed.proj", named("embeddings.patch_embeddings.projection"),
          "norm", named("layernorm"));

  private static final Map<String, Word> BLOCK =
      Map.ofEntries(
          entry("norm1", named("layernorm_before")),
          entry("norm2", named("layernorm_after")),
          entry(
              "attn.qkv",
              split(
                  "attention.attention.query",
                  "attention.attention.key",
                  "attention.attention.value")),
          entry("attn.proj", named("attention.output.dense")),
          entry("mlp.fc1", named("intermediate.dense")),
          entry("mlp.fc2", named("output.dense")));

  private static final Map<String, Word> BEIT_TOWER =
      Map.of(
          "rel_pos_bias.relative_position_bias_table",
              named("encoder.relative_position_bias.relative_position_bias_table"),
          "fc_norm", named("pooler.layernorm"));

  private static final Map<String, Word> BEIT_BLOCK =
      Map.of(
          "attn.q_bias", named("attention.attention.query.bias"),
          "attn.v_bias", named("attention.attention.value.bias"),
          "attn.relative_position_bias_table",
              named("attention.attention.relative_position_bias.relative_position_bias_table"),
          "ls1.gamma", named("lambda_1"),
          "ls2.gamma", named("lambda_2"));

  private static final Map<String, Word> DINOV2_BLOCK =
      Map.of(
          "norm1", named("norm1"),
          "norm2", named("norm2"),
          "ls1.gamma", named("layer_scale1.lambda1"),
          "ls2.gamma", named("layer_scale2.lambda1"),
          "mlp.fc1", named("mlp.fc1"),
          "mlp.fc2", named("mlp.fc2"));

  private static final Map<String, Word> SWIGLU =
      Map.of("mlp.fc1", named("mlp.weights_in"), "mlp.fc2", named("mlp.weights_out"));

  private static final Map<String, Word> CLASSIFIER = Map.of("head", named("classifier"));

  private static final Map<String, Word> WITH_TEACHER =
      Map.of("head", named("cls_classifier"), "head_dist", named("distillation_classifier"));

  private final Kind kind;
  private final String prefix;

  /**
   * @param prefix {@link Kind#prefix} or nothing
   */
  TransformersNames(Kind kind, String prefix) {
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
    return "encoder.layer.";
  }

  @Override
  Map<String, Word> inTower(ViTConfig config) {
    return switch (kind) {
      case VIT, DINOV2 -> TOWER;
      case DEIT -> with(TOWER, Map.of("dist_token", named("embeddings.distillation_token")));
      case BEIT -> with(TOWER, BEIT_TOWER);
      case DINOV2_WITH_REGISTERS ->
          with(TOWER, Map.of("reg_token", named("embeddings.register_tokens")));
    };
  }

  @Override
  Map<String, Word> inBlock(ViTConfig config) {
    boolean gated = config.feedForward() == FeedForwardKind.SWIGLU;
    if (kind.dinov2()) {
      Map<String, Word> words = with(BLOCK, DINOV2_BLOCK);
      return gated ? with(words, SWIGLU) : words;
    }
    Map<String, Word> words = kind == Kind.BEIT ? with(BLOCK, BEIT_BLOCK) : new HashMap<>(BLOCK);
    if (gated) {
      words.keySet().removeAll(SWIGLU.keySet());
    }
    return words;
  }

  @Override
  Map<String, Word> beside(ViTConfig config) {
    return config.distillationHead() ? WITH_TEACHER : CLASSIFIER;
  }

  private static Map<String, Word> with(Map<String, Word> words, Map<String, Word> more) {
    Map<String, Word> all = new HashMap<>(words);
    all.putAll(more);
    return all;
  }

  @Override
  String remedy(ViTConfig config) {
    return "transformers' class has no such part; use timm names";
  }

  @Override
  boolean harmless(String tensor, ViTConfig config) {
    String rest = tensor.startsWith(prefix) ? tensor.substring(prefix.length()) : tensor;
    return HARMLESS.matcher(rest).matches()
        || (config.classes() == 0 && HEADS.matcher(tensor).matches());
  }
}
