package io.github.vit4j.zoo.names;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The names and layouts of Google's Flax models, as they stand in {@code .npz} files: kernels have
 * their output axis last, and queries, keys and values are apart, with the heads an axis of their
 * own.
 */
final class FlaxNames implements NameConverter {

  private static final Map<String, String> OUTSIDE =
      Map.of(
          "cls_token", "cls",
          "norm", "Transformer/encoder_norm",
          "patch_embed.proj", "embedding",
          "head", "head",
          "attn_pool.latent", "MAPHead_0/probe",
          "attn_pool.norm", "MAPHead_0/LayerNorm_0",
          "attn_pool.mlp.fc1", "MAPHead_0/MlpBlock_0/Dense_0",
          "attn_pool.mlp.fc2", "MAPHead_0/MlpBlock_0/Dense_1");

  private static final String POOL_ATTENTION = "MAPHead_0/MultiHeadDotProductAttention_0/";

  /** The optimizer's state, counters, and the text tower of a pair with temperature and bias. */
  private static final Pattern BESIDE =
      Pattern.compile("(opt|extra|chrono|params/txt)/.*|params/[tb]");

  private final FlaxDialect dialect;

  FlaxNames(FlaxDialect dialect) {
    this.dialect = dialect;
  }

  @Override
  public String family() {
    return "flax";
  }

  @Override
  public TensorMap map(VisionTransformer model) {
    ViTConfig config = model.config();
    if (config.parallel() > 1) {
      throw noName("parallel branches");
    }
    return TensorMap.of(
        model,
        parameter -> pieces(parameter, config),
        tensor -> harmless(tensor, config.classes() == 0));
  }

  private List<Piece> pieces(ViTParameter parameter, ViTConfig config) {
    Place place = Place.of(parameter.path());
    if (place != null) {
      return inBlock(parameter, place, config);
    }
    String path = parameter.path();
    if (path.equals("pos_embed")) {
      String owner = dialect.bigVision() ? "" : "Transformer/posembed_input/";
      return whole(owner + "pos_embedding", parameter);
    }
    String module = module(path);
    Projections heads = new Projections(config, dialect.prefix() + POOL_ATTENTION, -1);
    switch (module) {
      case "attn_pool.q":
        return heads.to(parameter, "query");
      case "attn_pool.kv":
        return heads.to(parameter, "key", "value");
      case "attn_pool.proj":
        return heads.from(parameter);
      default:
        String name = OUTSIDE.get(module);
        if (name == null) {
          throw noName(path);
        }
        return whole(name + leaf(parameter), parameter);
    }
  }

  private List<Piece> inBlock(ViTParameter parameter, Place place, ViTConfig config) {
    String owner =
        dialect.prefix()
            + (dialect.scanned()
                ? "Transformer/encoderblock/"
                : "Transformer/encoderblock_" + place.block() + "/");
    int layer = dialect.scanned() ? place.block() : -1;
    boolean first = place.number() == 1;
    String attention = "MultiHeadDotProductAttention_" + (dialect.bigVision() ? 0 : 1) + "/";
    Projections heads = new Projections(config, owner + attention, layer);
    String module = module(place.rest());
    switch (module) {
      case "attn.qkv":
        return heads.to(parameter, "query", "key", "value");
      case "attn.proj":
        return heads.from(parameter);
      case "norm":
        String norm = "LayerNorm_" + (first ? 0 : dialect.bigVision() ? 1 : 2);
        return List.of(Piece.layer(owner + norm + leaf(parameter), layout(parameter), layer));
      case "mlp.fc1", "mlp.fc2":
        String mlp = "MlpBlock_" + (dialect.bigVision() ? 0 : 3);
        String dense = module.equals("mlp.fc1") ? "/Dense_0" : "/Dense_1";
        return List.of(
            Piece.layer(owner + mlp + dense + leaf(parameter), layout(parameter), layer));
      default:
        throw noName(parameter.path());
    }
  }

  private List<Piece> whole(String name, ViTParameter parameter) {
    return List.of(Piece.whole(dialect.prefix() + name, layout(parameter)));
  }

  /** The path without its last word where that is weight or bias. */
  private static String module(String path) {
    return path.replaceFirst("\\.(weight|bias)$", "");
  }

  /** Weights of one axis are scales, those of more are kernels. */
  private static String leaf(ViTParameter parameter) {
    String path = parameter.path();
    if (path.endsWith(".bias")) {
      return "/bias";
    }
    if (!path.endsWith(".weight")) {
      return "";
    }
    return parameter.shape().dimension() == 1 ? "/scale" : "/kernel";
  }

  private static Layout layout(ViTParameter parameter) {
    long[] shape = parameter.shape().getShape();
    return switch (leaf(parameter)) {
      case "/kernel" ->
          shape.length == 4 ? Layout.convolution(shape) : Layout.dense(shape[0], shape[1]);
      default -> Layout.same(shape);
    };
  }

  private static BadInputException noName(String what) {
    return new BadInputException(
        "flax names have none for " + what + ", which Google's code lacks; use timm names");
  }

  private boolean harmless(String tensor, boolean headless) {
    String prefix = dialect.prefix();
    if (!tensor.startsWith(prefix)) {
      return BESIDE.matcher(tensor).matches();
    }
    return headless && Heads.isPartOf(tensor.substring(prefix.length()));
  }

  /** The projections of an attention module. */
  private record Projections(ViTConfig config, String owner, int layer) {

    List<Piece> to(ViTParameter parameter, String... names) {
      boolean bias = parameter.path().endsWith(".bias");
      Layout layout =
          bias
              ? Layout.headBias(config.heads(), config.headWidth())
              : Layout.toHeads(config.heads(), config.headWidth(), config.width());
      return List.of(names).stream()
          .map(name -> Piece.layer(owner + name + leaf(parameter), layout, layer))
          .toList();
    }

    List<Piece> from(ViTParameter parameter) {
      Layout layout =
          parameter.path().endsWith(".bias")
              ? Layout.same(config.width())
              : Layout.fromHeads(config.width(), config.heads(), config.headWidth());
      return List.of(Piece.layer(owner + "out" + leaf(parameter), layout, layer));
    }
  }
}
