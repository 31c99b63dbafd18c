package io.github.vit4j.compiled;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.StemLayer;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.config.ViTConfig;
import java.util.List;

/** Image to tokens: stem, positions, class, distillation and register tokens. */
final class StemProgram {

  private static final double BATCH_NORM_EPS = 1e-5;

  private final Program program;
  private final ViTConfig config;
  private final Folding weights;

  StemProgram(Program program) {
    this.program = program;
    config = program.config;
    weights = program.weights;
  }

  /** Leaves the tokens (B, T, D) in x, and the size of the batch in b. */
  void write() {
    program.line("b = torch.size(images, 0)");
    program.line(
        "x = %s", program.half ? "torch.to(images, %d)".formatted(Program.BFLOAT16) : "images");
    switch (config.stem().kind()) {
      case LINEAR -> patches();
      case HMLP, CONV -> layers();
    }
    tokens();
    if (config.preNorm()) {
      String weight = program.tensor("norm_pre_w", weights.get("norm_pre.weight"));
      String bias = program.tensor("norm_pre_b", weights.get("norm_pre.bias"));
      program.line("x = %s", program.norm("x", config.width(), weight, bias));
    }
  }

  /** A patch's pixels in a row, then one product: the stem's convolution does not overlap. */
  private void patches() {
    int p = config.patchSize();
    int pixels = config.channels() * p * p;
    NDArray kernel = weights.get("patch_embed.proj.weight").reshape(config.width(), pixels);
    NDArray bias =
        config.stemBias() ? weights.get("patch_embed.proj.bias") : weights.zeros(config.width());
    program.product("stem", new Folding.Product(kernel, bias));
    program.line(
        "x = torch.reshape(x, [b, %d, %d, %d, %d, %d])",
        config.channels(), config.gridHeight(), p, config.gridWidth(), p);
    program.line("x = torch.permute(x, [0, 2, 4, 1, 3, 5])");
    program.line("x = torch.reshape(x, [b, %d, %d])", config.patches(), pixels);
    program.line("x = %s", program.linear("x", "stem"));
  }

  /** Convolution, norm and GELU of a layer take a number each. */
  private void layers() {
    List<StemLayer> layers = StemLayer.of(config);
    for (int i = 0; i < layers.size(); i++) {
      layer(3 * i, layers.get(i), i == layers.size() - 1);
    }
    program.line("x = torch.transpose(torch.flatten(x, 2), 1, 2)");
  }

  /** Convolution, norm and GELU; BatchNorm becomes part of the convolution. */
  private void layer(int index, StemLayer layer, boolean last) {
    String path = "patch_embed.proj." + index;
    String norm = "patch_embed.proj." + (index + 1);
    String name = "stem" + index;
    NDArray kernel = weights.get(path + ".weight"); // (out, in, k, k)
    long out = kernel.getShape().get(0);
    NDArray bias = layer.bias() ? weights.get(path + ".bias") : weights.zeros(out);
    boolean byBatch = config.stem().norm() == StemNorm.BATCH_NORM;
    if (byBatch) {
      NDArray deviation = weights.get(norm + ".running_var").add((float) BATCH_NORM_EPS).sqrt();
      NDArray factor = weights.get(norm + ".weight").div(deviation);
      kernel = kernel.mul(factor.reshape(-1, 1, 1, 1));
      bias =
          bias.sub(weights.get(norm + ".running_mean"))
              .mul(factor)
              .add(weights.get(norm + ".bias"));
    }
    program.line(
        "x = torch.conv2d(x, %s, %s, [%d, %d], [%d, %d])",
        program.tensor(name + "_w", kernel),
        program.tensor(name + "_b", bias),
        layer.stride(),
        layer.stride(),
        layer.padding(),
        layer.padding());
    if (!byBatch) {
      String weight = program.tensor(name + "_norm_w", weights.get(norm + ".weight"));
      String shift = program.tensor(name + "_norm_b", weights.get(norm + ".bias"));
      program.line("x = torch.permute(x, [0, 2, 3, 1])");
      program.line("x = %s", program.norm("x", out, weight, shift));
      program.line("x = torch.permute(x, [0, 3, 1, 2])");
    }
    if (!last) {
      program.line("x = torch.gelu(x)");
    }
  }

  /** Class, distillation and register tokens never change, nor do their positions. */
  private void tokens() {
    NDList prefix = new NDList();
    boolean positions = config.positionEmbedding() != PositionEmbedding.NONE;
    int withPosition = positions ? config.prefixPositions() : 0;
    NDArray embedding = positions ? weights.get("pos_embed") : weights.zeros(0);
    if (config.classToken()) {
      prefix.add(weights.get("cls_token"));
    }
    if (config.distillationToken()) {
      prefix.add(weights.get("dist_token"));
    }
    for (int i = 0; i < withPosition; i++) {
      prefix.set(i, prefix.get(i).add(embedding.get(":, {}:{}", i, i + 1)));
    }
    if (config.registerTokens() > 0) {
      prefix.add(weights.get("reg_token"));
    }
    if (positions) {
      NDArray ofPatches = embedding.get(":, {}:", withPosition);
      program.line("x = torch.add(x, %s)", program.tensor("pos_embed", ofPatches));
    }
    if (!prefix.isEmpty()) {
      String tokens = program.tensor("prefix", NDArrays.concat(prefix, 1));
      program.line(
          "x = torch.cat([torch.expand(%s, [b, %d, %d]), x], 1)",
          tokens, config.prefixTokens(), config.width());
    }
  }
}
