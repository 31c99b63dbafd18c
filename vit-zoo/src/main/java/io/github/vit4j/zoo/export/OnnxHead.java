package io.github.vit4j.zoo.export;

import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.ViTConfig;
import java.util.List;

/** Final norm, pooling and classifier as ONNX operators: rows (B * T, D) -> (B, classes). */
final class OnnxHead {

  private final OnnxLayers layers;
  private final OnnxGraph graph;
  private final OnnxWeights weights;
  private final ViTConfig config;

  OnnxHead(OnnxLayers layers) {
    this.layers = layers;
    graph = layers.graph;
    weights = layers.weights;
    config = layers.config;
  }

  String apply(String rows) {
    boolean before = config.finalNorm() == FinalNorm.BEFORE_POOL;
    String x = before ? layers.layerNorm(rows, "norm") : rows;
    String tokens = graph.reshape(x, -1, config.tokens(), config.width()); // (B, T, D)
    String pooled =
        switch (config.pooling()) {
          case TOKEN -> token(tokens, 0);
          case MEAN -> patchMean(tokens);
          case TOKEN_AND_MEAN -> graph.concat(List.of(token(tokens, 0), patchMean(tokens)), 1);
          case MAP -> attentionPool(graph.reshape(patches(tokens), -1, config.width()));
        };
    if (!before) {
      pooled = layers.layerNorm(pooled, "fc_norm");
    }
    if (config.classes() == 0) {
      return pooled;
    }
    String logits = layers.linear(pooled, "head");
    if (!config.distillationHead()) {
      return logits;
    }
    String distilled = layers.linear(token(tokens, 1), "head_dist");
    return graph.product(graph.sum(logits, distilled), graph.scalar(0.5));
  }

  private String token(String tokens, long index) {
    String scalar = graph.constant("token_" + index, new long[0], new long[] {index});
    return graph.add("Gather", List.of(tokens, scalar), OnnxAttribute.of("axis", 1));
  }

  private String patchMean(String tokens) {
    return graph.add(
        "ReduceMean", List.of(patches(tokens), graph.list(1)), OnnxAttribute.of("keepdims", 0));
  }

  private String patches(String tokens) {
    return graph.add(
        "Slice",
        List.of(
            tokens, graph.list(config.prefixTokens()), graph.list(config.tokens()), graph.list(1)));
  }

  /** A learned probe attends to the patches, then {@code x + mlp(norm(x))}. */
  private String attentionPool(String rows) {
    String latent = graph.reshape(weights.get("attn_pool.latent"), 1, config.width());
    String q = layers.heads(layers.linear(latent, "attn_pool.q"), 1);
    List<String> kv = graph.split(layers.linear(rows, "attn_pool.kv"), 2, 1);
    String k = graph.transpose(layers.heads(kv.get(0), config.patches()), 0, 2, 3, 1);
    String v = graph.transpose(layers.heads(kv.get(1), config.patches()), 0, 2, 1, 3);
    String mixed = layers.attend(graph.transpose(q, 0, 2, 1, 3), k, v, List.of()); // (B, D)
    String y = layers.linear(mixed, "attn_pool.proj");
    String normed = layers.layerNorm(y, "attn_pool.norm");
    return graph.sum(y, layers.feedForward(normed, "attn_pool.mlp", false));
  }
}
