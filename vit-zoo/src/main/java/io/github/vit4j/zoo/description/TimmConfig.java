package io.github.vit4j.zoo.description;

import io.github.vit4j.config.Activation;
import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.PositionResampling;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.Stem;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.image.EvalTransform;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An architecture spelt out in timm's words, as the references' {@code config.json} have it.
 *
 * <p>Keys that are absent, or null, mean the reference's default: MLP ratio 4, all biases, GELU,
 * LayerNorm epsilon 1e-6, class token with a position, learned positions, final norm before the
 * head. BEiT (naming {@code beit}) always has query and value biases only, and pools by mean with
 * the norm after it unless {@code global_pool} is {@code token}.
 */
final class TimmConfig {

  /** What a file may say beside the architecture. */
  private static final List<String> HARMLESS =
      List.of("note", "layout", "trainable", "new_img_size", "layer_norm_eps_hf_config");

  private static final Map<String, String> FAMILIES =
      Map.of(
          "timm", "timm",
          "deit_v2", "deit_v2",
          "beit", "beit",
          "dinov2", "dinov2",
          "clip", "clip",
          "flax_npz", "flax");

  private static final Map<String, Pooling> POOLS =
      Map.of(
          "token", Pooling.TOKEN,
          "mean", Pooling.MEAN,
          "avg", Pooling.MEAN,
          "token_and_mean", Pooling.TOKEN_AND_MEAN,
          "map", Pooling.MAP);

  private static final Map<String, PositionResampling> RESAMPLINGS =
      Map.of(
          "bicubic_antialiased", PositionResampling.BICUBIC_ANTIALIASED,
          "bicubic", PositionResampling.BICUBIC,
          "bicubic_offset", PositionResampling.BICUBIC_OFFSET,
          "bilinear_corners", PositionResampling.BILINEAR_CORNERS);

  private static final Map<String, FinalNorm> FINAL_NORMS =
      Map.of("before_pool", FinalNorm.BEFORE_POOL, "after_pool", FinalNorm.AFTER_POOL);

  private static final Map<String, Activation> ACTIVATIONS =
      Map.of(
          "gelu", Activation.GELU,
          "gelu_tanh", Activation.GELU_TANH,
          "quick_gelu", Activation.QUICK_GELU,
          "silu", Activation.SILU);

  private static final Map<String, FeedForwardKind> FEED_FORWARDS =
      Map.of("mlp", FeedForwardKind.MLP, "swiglu_packed", FeedForwardKind.SWIGLU);

  private static final Map<String, StemNorm> STEM_NORMS =
      Map.of("bn", StemNorm.BATCH_NORM, "ln", StemNorm.LAYER_NORM);

  /** The initial value where a file only says that there is LayerScale; weights replace it. */
  private static final double LAYER_SCALE = 1e-4;

  private TimmConfig() {}

  static ModelDescription read(JsonKeys keys) {
    String family = keys.word("naming", FAMILIES, "timm");
    ViTConfig config = config(keys, family);
    EvalTransform preprocessing = TimmPreprocessing.of(keys, config);
    keys.refuseOthers(HARMLESS);
    return new ModelDescription(config, family, preprocessing, List.of());
  }

  private static ViTConfig config(JsonKeys keys, String family) {
    boolean beit = family.equals("beit");
    int[] image = keys.sides("img_size");
    int width = keys.integer("embed_dim");
    FeedForwardKind feedForward = keys.word("mlp", FEED_FORWARDS, FeedForwardKind.MLP);
    boolean gated = feedForward == FeedForwardKind.SWIGLU;
    boolean classToken = keys.flag("class_token", true);
    boolean classPosition = keys.flag("class_token_pos_embed", !family.equals("deit_v2"));
    Pooling pooling = pooling(keys, beit);
    FinalNorm usual = pooling == Pooling.MEAN ? FinalNorm.AFTER_POOL : FinalNorm.BEFORE_POOL;
    boolean preNorm = keys.flag("pre_norm", false);
    boolean learned = keys.flag("use_abs_pos_emb", true);
    return new ViTConfig(
        image[0],
        image[1],
        keys.integer("patch_size"),
        keys.integer("in_chans", 3),
        width,
        keys.integer("depth"),
        keys.integer("parallel", 1),
        keys.integer("num_heads"),
        hidden(keys, width, gated),
        stem(keys),
        !preNorm, // a norm follows at once, whose bias makes another superfluous
        classToken,
        classToken && classPosition,
        keys.integer("register_tokens", 0),
        keys.flag("distilled", false),
        true,
        pooling,
        keys.word("final_norm", FINAL_NORMS, usual),
        qkvBias(keys, beit),
        keys.flag("qk_norm", false),
        preNorm,
        keys.number("norm_eps", keys.number("layer_norm_eps_timm", 1e-6)),
        keys.word("act", ACTIVATIONS, gated ? Activation.SILU : Activation.GELU),
        feedForward,
        learned ? PositionEmbedding.LEARNED : PositionEmbedding.NONE,
        keys.word("position_resampling", RESAMPLINGS, PositionResampling.BICUBIC_ANTIALIASED),
        relative(keys),
        layerScale(keys),
        0,
        false,
        0,
        0,
        0,
        keys.flag("head_bias", true),
        keys.integer("num_classes", 1000));
  }

  /** timm counts both halves of a packed SwiGLU's first layer, we the half that is left. */
  private static int hidden(JsonKeys keys, int width, boolean gated) {
    int hidden = (int) (width * keys.number("mlp_ratio", 4));
    if (!gated) {
      return hidden;
    }
    if (hidden % 2 != 0) {
      throw keys.refused(
          "mlp_ratio", "such that fc1 has " + hidden + " outputs", "SwiGLU needs an even number");
    }
    return hidden / 2;
  }

  private static Stem stem(JsonKeys keys) {
    StemNorm norm = keys.word("stem_norm", STEM_NORMS, StemNorm.BATCH_NORM);
    List<Integer> kernels = keys.integers("stem_kernels", Stem.PAPER_KERNELS);
    Map<String, Stem> stems =
        Map.of("linear", Stem.linear(), "hmlp", Stem.hmlp(norm, kernels), "conv", Stem.conv(norm));
    return keys.word("stem", stems, Stem.linear());
  }

  private static Pooling pooling(JsonKeys keys, boolean beit) {
    Pooling usual = beit ? Pooling.MEAN : Pooling.TOKEN;
    Pooling pool = keys.word("pool", POOLS, usual);
    Pooling global = keys.word("global_pool", POOLS, pool);
    if (keys.has("pool") && pool != global) {
      throw keys.refused("global_pool", "another than 'pool'", "give one of them");
    }
    return global;
  }

  private static QkvBias qkvBias(JsonKeys keys, boolean beit) {
    if (!keys.flag("qkv_bias", true)) {
      return QkvBias.NONE;
    }
    return beit ? QkvBias.QV_ONLY : QkvBias.ALL;
  }

  private static RelativePosition relative(JsonKeys keys) {
    boolean own = keys.flag("use_rel_pos_bias", false);
    boolean shared = keys.flag("use_shared_rel_pos_bias", false);
    if (shared) {
      return own ? RelativePosition.SHARED_AND_PER_BLOCK : RelativePosition.SHARED;
    }
    return own ? RelativePosition.PER_BLOCK : RelativePosition.NONE;
  }

  private static @Nullable Double layerScale(JsonKeys keys) {
    double init = keys.number("init_values", 0); // timm reads 0 as none, too
    boolean scaled = keys.flag("layer_scale", init != 0);
    if (scaled && init == 0) {
      return LAYER_SCALE;
    }
    if (!scaled && init != 0) {
      throw keys.refused("layer_scale", "false, but 'init_values' is " + init, "drop one of them");
    }
    return scaled ? init : null;
  }
}
