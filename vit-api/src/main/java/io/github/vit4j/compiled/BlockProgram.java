package io.github.vit4j.compiled;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.compiled.Folding.Product;
import io.github.vit4j.compute.RelativePositions;
import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.ViTConfig;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One block. Its parallel branches become one: they read the same tokens, so that their norms
 * differ by factors only, which their first products take over; those stand side by side as one
 * product, the branches' heads as heads of one attention, and the sum of their second products is
 * one product of everything side by side.
 */
final class BlockProgram {

  private final Program program;
  private final ViTConfig config;
  private final Folding weights;
  private final int index;
  private final int branches;
  private final int kept;

  /**
   * @param kept how many leading tokens are read after this block; a class token's query needs all
   *     keys, but what becomes of the other tokens nobody reads
   */
  BlockProgram(Program program, int index, int kept) {
    this.program = program;
    this.index = index;
    this.kept = kept;
    config = program.config;
    weights = program.weights;
    branches = config.parallel();
  }

  private String name(String part) {
    return "l" + index + "_" + part;
  }

  private String path(String kind, int branch) {
    return "blocks.%d.%s.%d.".formatted(index, kind, branch);
  }

  /** From x to x. */
  void write() {
    attention();
    feedForward();
  }

  private Product ofBranch(Product product, String branch) {
    NDArray gamma = weights.get(branch + "norm.weight");
    return weights.afterNorm(product, gamma, weights.get(branch + "norm.bias"));
  }

  private Product onto(Product product, String branch) {
    return config.layerScale() == null
        ? product
        : weights.scaled(product, weights.get(branch + "ls.gamma"));
  }

  private void attention() {
    long d = config.width();
    List<Product> qkv = new ArrayList<>();
    List<Product> proj = new ArrayList<>();
    for (int branch = 0; branch < branches; branch++) {
      String path = path("attns", branch);
      qkv.add(ofBranch(qkv(path + "attn."), path));
      proj.add(onto(weights.linear(path + "attn.proj", true), path));
    }
    List<Product> parts = new ArrayList<>(); // queries of all branches, keys, values
    for (int part = 0; part < 3; part++) {
      for (Product product : qkv) {
        Product rows = weights.rows(product, part * d, (part + 1) * d);
        boolean scaledHere = part == 0 && !config.qkNorm(); // or the norm behind it takes the scale
        parts.add(scaledHere ? weights.times(rows, queryScale()) : rows);
      }
    }
    program.blockProduct(name("proj"), weights.summed(proj));

    program.line("n = %s", program.bareNorm("x", d));
    if (kept == config.tokens()) {
      program.blockProduct(name("qkv"), weights.beside(parts));
      heads("qkv", "n", 3, "q", "k", "v");
    } else {
      program.blockProduct(name("q"), weights.beside(parts.subList(0, branches)));
      program.blockProduct(name("kv"), weights.beside(parts.subList(branches, 3 * branches)));
      heads("kv", "n", 2, "k", "v");
      program.line("x = torch.contiguous(torch.slice(x, 1, 0, %d))", kept);
      program.line("n = torch.contiguous(torch.slice(n, 1, 0, %d))", kept);
      heads("q", "n", 1, "q");
    }
    headNorm("q", queryScale());
    headNorm("k", 1);
    String bias = bias();
    program.line("a = %s", program.attention("q", "k", "v", bias));
    program.line("a = torch.reshape(torch.transpose(a, 1, 2), [b, %d, %d])", kept, branches * d);
    program.line("x = %s", program.linearAdd("x", "a", name("proj")));
  }

  /**
   * A product whose outputs are heads, (B, T, parts x heads x d) to one (B, heads, T, d) a part.
   */
  private void heads(String product, String x, int parts, String... targets) {
    program.line("h = %s", program.linear(x, name(product)));
    program.line(
        "h = torch.permute(torch.reshape(h, [b, torch.size(h, 1), %d, %d, %d]), [2, 0, 3, 1, 4])",
        parts, branches * config.heads(), config.headWidth());
    for (int i = 0; i < targets.length; i++) {
      program.line("%s = torch.select(h, 0, %d)", targets[i], i);
    }
  }

  private Product qkv(String path) {
    Product product = weights.linear(path + "qkv", config.qkvBias() == QkvBias.ALL);
    if (config.qkvBias() != QkvBias.QV_ONLY) {
      return product;
    }
    NDList parts =
        new NDList(
            weights.get(path + "q_bias"),
            weights.zeros(config.width()),
            weights.get(path + "v_bias"));
    return new Product(product.weight(), NDArrays.concat(parts, 0));
  }

  private double queryScale() {
    return 1 / Math.sqrt(config.headWidth());
  }

  /** Queries or keys normalised a head, with the factors of the head's branch, and scaled. */
  private void headNorm(String target, double scale) {
    if (!config.qkNorm()) {
      return;
    }
    NDList factors = new NDList();
    NDList shifts = new NDList();
    for (int branch = 0; branch < branches; branch++) {
      String path = path("attns", branch) + "attn." + target + "_norm";
      factors.add(perHead(weights.get(path + ".weight").mul(scale)));
      shifts.add(perHead(weights.get(path + ".bias").mul(scale)));
    }
    program.line("%s = %s", target, program.bareNorm(target, config.headWidth()));
    program.line(
        "%s = torch.add(torch.mul(%s, %s), %s)",
        target,
        target,
        program.tensor(name(target + "_norm_w"), NDArrays.concat(factors, 0)),
        program.tensor(name(target + "_norm_b"), NDArrays.concat(shifts, 0)));
  }

  private NDArray perHead(NDArray factors) {
    return factors.reshape(1, 1, -1).repeat(0, config.heads()); // (d) -> (H, 1, d)
  }

  /**
   * BEiT's bias of all branches, (1, P x H, kept, T); it never changes, so it is looked up here.
   */
  private @Nullable String bias() {
    boolean own = config.relativePosition().perBlock();
    boolean shared = config.relativePosition().shared();
    if (!own && !shared) {
      return null;
    }
    NDArray common = shared ? looked("rel_pos_bias.relative_position_bias_table") : null;
    NDList all = new NDList();
    for (int branch = 0; branch < branches; branch++) {
      NDArray bias =
          own ? looked(path("attns", branch) + "attn.relative_position_bias_table") : null;
      if (bias == null) {
        all.add(common);
      } else {
        all.add(common == null ? bias : bias.add(common));
      }
    }
    NDArray rows = NDArrays.concat(all, 1).get(":, :, :{}", kept);
    return program.tensor(name("bias"), rows);
  }

  private NDArray looked(String path) {
    long n = config.tokens();
    long[] index = RelativePositions.index(config.gridHeight(), config.gridWidth());
    NDArray rows = weights.manager().create(index, new Shape(n * n));
    return weights
        .get(path)
        .get(rows)
        .reshape(1, n, n, config.heads())
        .transpose(0, 3, 1, 2); // (N*N, H) -> (1, H, N, N)
  }

  private void feedForward() {
    List<Product> fc1 = new ArrayList<>();
    List<Product> fc2 = new ArrayList<>();
    for (int branch = 0; branch < branches; branch++) {
      String path = path("ffns", branch);
      fc1.add(ofBranch(weights.linear(path + "mlp.fc1", true), path));
      fc2.add(onto(weights.linear(path + "mlp.fc2", true), path));
    }
    program.product(
        name("fc2"), weights.summed(fc2)); // never of 8 bits: most of the loss was there
    program.line("n = %s", program.bareNorm("x", config.width()));
    if (config.feedForward() == FeedForwardKind.SWIGLU) {
      program.blockProduct(name("fc1"), weights.beside(gatesFirst(fc1)));
      long hidden = (long) branches * config.mlpWidth();
      program.line("h = %s", program.linear("n", name("fc1")));
      program.line("g = torch.slice(h, 2, 0, %d)", hidden);
      program.line("h = torch.mul(%s, torch.slice(h, 2, %d))", program.activation("g"), hidden);
    } else {
      program.blockProduct(name("fc1"), weights.beside(fc1));
      program.activated("h", "n", name("fc1"));
    }
    program.line("x = %s", program.linearAdd("x", "h", name("fc2")));
  }

  private List<Product> gatesFirst(List<Product> fc1) {
    long hidden = config.mlpWidth();
    List<Product> halves = new ArrayList<>();
    fc1.forEach(product -> halves.add(weights.rows(product, 0, hidden)));
    fc1.forEach(product -> halves.add(weights.rows(product, hidden, 2 * hidden)));
    return halves;
  }
}
