package io.github.vit4j.zoo.export;

import io.github.vit4j.config.ViTConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Layers that every part of a model is made of, as ONNX operators. */
final class OnnxLayers {

  final OnnxGraph graph;
  final OnnxWeights weights;
  final ViTConfig config;

  OnnxLayers(OnnxGraph graph, OnnxWeights weights, ViTConfig config) {
    this.graph = graph;
    this.weights = weights;
    this.config = config;
  }

  /** {@code y = x W' + b} of rows (R, in) -> (R, out). */
  String linear(String x, String path) {
    String bias = path + ".bias";
    return linear(x, path, weights.has(bias) ? weights.get(bias) : null);
  }

  String linear(String x, String path, @Nullable String bias) {
    List<String> inputs = new ArrayList<>(List.of(x, weights.get(path + ".weight")));
    if (bias != null) {
      inputs.add(bias);
    }
    return graph.add("Gemm", inputs, OnnxAttribute.of("transB", 1));
  }

  /** Over the last axis. */
  String layerNorm(String x, String path) {
    return graph.add(
        "LayerNormalization",
        List.of(x, weights.get(path + ".weight"), weights.get(path + ".bias")),
        OnnxAttribute.of("axis", -1),
        OnnxAttribute.of("epsilon", config.normEps()));
  }

  String gelu(String x) {
    return graph.add("Gelu", List.of(x));
  }

  private String activation(String x) {
    return switch (config.activation()) {
      case GELU -> gelu(x);
      case GELU_TANH -> graph.add("Gelu", List.of(x), OnnxAttribute.of("approximate", "tanh"));
      case QUICK_GELU ->
          graph.product(x, graph.add("Sigmoid", List.of(graph.product(x, graph.scalar(1.702)))));
      case SILU -> graph.product(x, graph.add("Sigmoid", List.of(x)));
    };
  }

  /** {@code fc2(act(fc1(x)))} of rows, or SwiGLU. */
  String feedForward(String x, String path, boolean gated) {
    String hidden = linear(x, path + ".fc1");
    if (gated) {
      List<String> halves = graph.split(hidden, 2, 1);
      hidden = graph.product(activation(halves.get(0)), halves.get(1));
    } else {
      hidden = activation(hidden);
    }
    return linear(hidden, path + ".fc2");
  }

  /** {@code softmax(q k') v}, heads side by side: (B, H, M, d), (B, H, d, N), (B, H, N, d). */
  String attend(String q, String k, String v, List<String> biases) {
    String scaled = graph.product(q, graph.scalar(1 / Math.sqrt(config.headWidth())));
    String scores = graph.add("MatMul", List.of(scaled, k));
    for (String bias : biases) {
      scores = graph.sum(scores, bias);
    }
    String map = graph.add("Softmax", List.of(scores), OnnxAttribute.of("axis", -1));
    String mixed = graph.add("MatMul", List.of(map, v)); // (B, H, M, d)
    return graph.reshape(graph.transpose(mixed, 0, 2, 1, 3), -1, config.width());
  }

  /** Rows (B * N, D) -> (B, N, H, d). */
  String heads(String rows, long tokens) {
    return graph.reshape(rows, -1, tokens, config.heads(), config.headWidth());
  }
}
