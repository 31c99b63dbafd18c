package io.github.vit4j.zoo.reference;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.vit4j.config.Activation;
import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.Stem;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The {@code config.json} beside a reference model: an architecture in timm's words.
 *
 * <p>Keys that are absent, or null, mean the reference's default: MLP ratio 4, all biases, GELU,
 * LayerNorm epsilon 1e-6, class token with a position, learned positions, final norm before the
 * head. BEiT (naming {@code beit}) always has query and value biases only, and pools by mean with
 * the norm after it unless {@code global_pool} is {@code token}.
 *
 * @param config the architecture
 * @param family whose parameter names the weights carry: {@code timm}, {@code deit_v2}, {@code
 *     beit} or {@code flax}
 * @param preprocessing how images are prepared; timm's defaults where the file does not say
 */
public record ReferenceConfig(ViTConfig config, String family, EvalTransform preprocessing) {

  private static final long LARGEST_FILE = 1 << 20;

  /** What a file may say beside the architecture. */
  private static final List<String> HARMLESS =
      List.of("note", "layout", "trainable", "new_img_size", "layer_norm_eps_hf_config");

  private static final Map<String, String> FAMILIES =
      Map.of("timm", "timm", "deit_v2", "deit_v2", "beit", "beit", "flax_npz", "flax");

  private static final Map<String, Pooling> POOLS =
      Map.of("token", Pooling.TOKEN, "mean", Pooling.MEAN, "avg", Pooling.MEAN, "map", Pooling.MAP);

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

  /**
   * Reads a file.
   *
   * @param file JSON of at most 1 MiB
   * @return what it describes
   * @throws BadInputException if it cannot be read, is not such a file, has keys that are not
   *     understood, or describes an impossible model
   */
  public static ReferenceConfig read(Path file) {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw new BadInputException(file + " is too large for a configuration; 1 MiB is the most");
      }
      return parse(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw new BadInputException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * Reads JSON text.
   *
   * @param json an object
   * @param where where it comes from, for messages
   * @return what it describes
   * @throws BadInputException as {@link #read} does
   */
  public static ReferenceConfig parse(String json, String where) {
    JsonElement tree;
    try {
      tree = JsonParser.parseString(json);
    } catch (JsonParseException e) {
      throw new BadInputException(where + " is not JSON: " + e.getMessage(), e);
    }
    if (!tree.isJsonObject()) {
      throw new BadInputException(where + " is not a JSON object");
    }
    JsonKeys keys = new JsonKeys(tree.getAsJsonObject(), where);
    String family = keys.word("naming", FAMILIES, "timm");
    try {
      ViTConfig config = config(keys, family);
      EvalTransform preprocessing = ReferencePreprocessing.of(keys, config);
      keys.refuseOthers(HARMLESS);
      return new ReferenceConfig(config, family, preprocessing);
    } catch (BadInputException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(where) ? e : new BadInputException(where + ": " + message, e);
    }
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
        pooling,
        keys.word("final_norm", FINAL_NORMS, usual),
        qkvBias(keys, beit),
        keys.flag("qk_norm", false),
        preNorm,
        keys.number("norm_eps", keys.number("layer_norm_eps_timm", 1e-6)),
        keys.word("act", ACTIVATIONS, gated ? Activation.SILU : Activation.GELU),
        feedForward,
        learned ? PositionEmbedding.LEARNED : PositionEmbedding.NONE,
        relative(keys),
        layerScale(keys),
        0,
        false,
        0,
        0,
        0,
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
    if (own && shared) {
      throw keys.refused(
          "use_shared_rel_pos_bias", "true, and so is 'use_rel_pos_bias'", "give one of them");
    }
    if (shared) {
      return RelativePosition.SHARED;
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
