package io.github.vit4j.zoo.export;

import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import java.util.ArrayList;
import java.util.List;

/** The blocks as ONNX operators, on rows (B * T, D), so that every linear layer is one product. */
final class OnnxEncoder {

  /** The index of a relative position bias takes as many numbers as the square of this. */
  private static final int MOST_TOKENS = 1 << 13;

  private final OnnxLayers layers;
  private final OnnxGraph graph;
  private final OnnxWeights weights;
  private final ViTConfig config;

  OnnxEncoder(OnnxLayers layers) {
    this.layers = layers;
    graph = layers.graph;
    weights = layers.weights;
    config = layers.config;
  }

  String blocks(String rows) {
    boolean shared = config.relativePosition().shared();
    List<String> sharedBias = shared ? List.of(relativeBias("rel_pos_bias")) : List.of();
    String x = rows;
    for (int i = 0; i < config.depth(); i++) {
      x =
          sum(
              x,
              "blocks." + i + ".attns.",
              (in, path) -> attention(in, path + ".attn", sharedBias));
      boolean gated = config.feedForward() == FeedForwardKind.SWIGLU;
      x =
          sum(
              x,
              "blocks." + i + ".ffns.",
              (in, path) -> layers.feedForward(in, path + ".mlp", gated));
    }
    return x;
  }

  @FunctionalInterface
  private interface Part {
    String apply(String x, String path);
  }

  /** {@code x + ls_1(f_1(norm_1(x))) + ls_2(f_2(norm_2(x))) + ...}. */
  private String sum(String x, String path, Part part) {
    String y = x;
    for (int i = 0; i < config.parallel(); i++) {
      String branch = path + i;
      String out = part.apply(layers.layerNorm(x, branch + ".norm"), branch);
      String gamma = branch + ".ls.gamma";
      y = graph.sum(y, weights.has(gamma) ? graph.product(out, weights.get(gamma)) : out);
    }
    return y;
  }

  private String attention(String x, String path, List<String> sharedBias) {
    List<String> qkv = graph.split(qkv(x, path), 3, 1); // (B * T, 3D) -> 3 x (B * T, D)
    String q = graph.transpose(headNorm(qkv.get(0), path + ".q_norm"), 0, 2, 1, 3);
    String k = graph.transpose(headNorm(qkv.get(1), path + ".k_norm"), 0, 2, 3, 1);
    String v = graph.transpose(layers.heads(qkv.get(2), config.tokens()), 0, 2, 1, 3);
    List<String> biases = new ArrayList<>(sharedBias);
    if (config.relativePosition().perBlock()) {
      biases.add(0, relativeBias(path));
    }
    return layers.linear(layers.attend(q, k, v, biases), path + ".proj");
  }

  private String qkv(String x, String path) {
    if (config.qkvBias() != QkvBias.QV_ONLY) {
      return layers.linear(x, path + ".qkv");
    }
    String none = graph.constant("zeros", new long[] {config.width()}, new float[config.width()]);
    String bias =
        graph.concat(
            List.of(weights.get(path + ".q_bias"), none, weights.get(path + ".v_bias")), 0);
    return layers.linear(x, path + ".qkv", bias);
  }

  private String headNorm(String rows, String path) {
    String heads = layers.heads(rows, config.tokens());
    return config.qkNorm() ? layers.layerNorm(heads, path) : heads;
  }

  /** The bias (1, H, T, T), looked up in the table. */
  private String relativeBias(String path) {
    long tokens = config.tokens();
    long[] rowOfPair = index();
    String index =
        graph.constant("relative_position_index", new long[] {tokens * tokens}, rowOfPair);
    String table = weights.get(path + ".relative_position_bias_table");
    String rows =
        graph.add("Gather", List.of(table, index), OnnxAttribute.of("axis", 0)); // (T * T, H)
    return graph.transpose(graph.reshape(rows, 1, tokens, tokens, config.heads()), 0, 3, 1, 2);
  }

  /** Row of the table for each pair (query, key), the class token first; as BEiT numbers them. */
  private long[] index() {
    int height = config.gridHeight();
    int width = config.gridWidth();
    int tokens = config.tokens();
    if (tokens > MOST_TOKENS) {
      throw new BadInputException(
          "a relative position bias of %d tokens is too large to export; at most %d are possible"
              .formatted(tokens, MOST_TOKENS));
    }
    long special = (2L * height - 1) * (2L * width - 1);
    long[] index = new long[tokens * tokens];
    for (int query = 0; query < tokens; query++) {
      for (int key = 0; key < tokens; key++) {
        int at = query * tokens + key;
        if (query == 0 || key == 0) {
          // class to patch, patch to class, class to class
          index[at] = special + (query == 0 ? (key == 0 ? 2 : 0) : 1);
        } else {
          long rows = (query - 1) / width - (key - 1) / width + height - 1L;
          long columns = (query - 1) % width - (key - 1) % width + width - 1L;
          index[at] = rows * (2L * width - 1) + columns;
        }
      }
    }
    return index;
  }
}
