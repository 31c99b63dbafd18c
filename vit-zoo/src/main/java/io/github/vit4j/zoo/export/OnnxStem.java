package io.github.vit4j.zoo.export;

import io.github.vit4j.config.StemKind;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.config.ViTConfig;
import java.util.ArrayList;
import java.util.List;

/** The stem and the token embedding as ONNX operators: images (B, C, H, W) -> tokens (B, T, D). */
final class OnnxStem {

  /** PyTorch's default, which the model uses for BatchNorm. */
  private static final double BATCH_NORM_EPS = 1e-5;

  private final OnnxLayers layers;
  private final OnnxGraph graph;
  private final OnnxWeights weights;
  private final ViTConfig config;

  OnnxStem(OnnxLayers layers) {
    this.layers = layers;
    graph = layers.graph;
    weights = layers.weights;
    config = layers.config;
  }

  /** Images -> patches (B, N, D). */
  String patches(String images) {
    String grid =
        switch (config.stem().kind()) {
          case LINEAR -> convolution(images, "patch_embed.proj", config.patchSize(), false);
          case HMLP, CONV -> layered(images);
        };
    String flat = graph.reshape(grid, -1, config.width(), config.patches());
    return graph.transpose(flat, 0, 2, 1);
  }

  /** Convolution, norm, GELU, as often as there are kernels; no GELU after the last. */
  private String layered(String images) {
    boolean hmlp = config.stem().kind() == StemKind.HMLP;
    List<Integer> kernels = config.stem().kernels();
    int count = hmlp ? kernels.size() : Integer.numberOfTrailingZeros(config.patchSize());
    String x = images;
    for (int i = 0; i < count; i++) {
      String path = "patch_embed.proj." + 3 * i; // as PyTorch numbers a sequence, GELU included
      x = convolution(x, path, hmlp ? kernels.get(i) : 3, !hmlp);
      x = channelNorm(x, "patch_embed.proj." + (3 * i + 1));
      x = i == count - 1 ? x : layers.gelu(x);
    }
    return x;
  }

  /** Patch by patch, or overlapping with stride 2. */
  private String convolution(String x, String path, long kernel, boolean overlapping) {
    List<String> inputs = new ArrayList<>(List.of(x, weights.get(path + ".weight")));
    if (weights.has(path + ".bias")) {
      inputs.add(weights.get(path + ".bias"));
    }
    long stride = overlapping ? 2 : kernel;
    long padding = overlapping ? 1 : 0;
    return graph.add(
        "Conv",
        inputs,
        OnnxAttribute.list("kernel_shape", kernel, kernel),
        OnnxAttribute.list("strides", stride, stride),
        OnnxAttribute.list("pads", padding, padding, padding, padding));
  }

  private String channelNorm(String x, String path) {
    if (config.stem().norm() == StemNorm.LAYER_NORM) {
      String last = graph.transpose(x, 0, 2, 3, 1);
      return graph.transpose(layers.layerNorm(last, path), 0, 3, 1, 2);
    }
    return graph.add(
        "BatchNormalization",
        List.of(
            x,
            weights.get(path + ".weight"),
            weights.get(path + ".bias"),
            weights.get(path + ".running_mean"),
            weights.get(path + ".running_var")),
        OnnxAttribute.of("epsilon", BATCH_NORM_EPS));
  }

  /** Positions, and the learned tokens before the patches: class, distillation, registers. */
  String tokens(String patches, String images) {
    List<String> prefix = new ArrayList<>();
    for (String token : List.of("cls_token", "dist_token")) {
      if (weights.has(token)) {
        prefix.add(expand(token, images));
      }
    }
    List<String> registers =
        weights.has("reg_token") ? List.of(expand("reg_token", images)) : List.of();
    if (!weights.has("pos_embed")) {
      return prepend(prefix, prepend(registers, patches));
    }
    String positions = weights.get("pos_embed"); // (1, prefix + N, D)
    if (!config.classTokenPosition()) {
      return prepend(prefix, prepend(registers, graph.sum(patches, positions)));
    }
    if (registers.isEmpty() || prefix.isEmpty()) {
      return prepend(registers, graph.sum(prepend(prefix, patches), positions));
    }
    // registers stand between the class token and the patches, but have no position
    long count = prefix.size();
    String first = slice(positions, 0, count);
    String rest = slice(positions, count, count + config.patches());
    String before = graph.sum(graph.concat(prefix, 1), first);
    return graph.concat(List.of(before, registers.get(0), graph.sum(patches, rest)), 1);
  }

  private String prepend(List<String> tokens, String x) {
    List<String> all = new ArrayList<>(tokens);
    all.add(x);
    return graph.concat(all, 1);
  }

  /** (1, n, D) -> (B, n, D). */
  private String expand(String token, String images) {
    String batch =
        graph.add(
            "Shape", List.of(images), OnnxAttribute.of("start", 0), OnnxAttribute.of("end", 1));
    String shape = graph.concat(List.of(batch, graph.list(1, 1)), 0);
    return graph.add("Expand", List.of(weights.get(token), shape));
  }

  /** Tokens from one place up to, not including, another: along axis 1. */
  String slice(String x, long from, long to) {
    return graph.add("Slice", List.of(x, graph.list(from), graph.list(to), graph.list(1)));
  }
}
