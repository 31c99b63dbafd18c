package io.github.vit4j.compiled;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.compiled.Folding.Product;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.ViTConfig;
import java.util.List;

/** Tokens to pooled features, and those to logits, in float32. */
final class HeadProgram {

  private final Program program;
  private final ViTConfig config;
  private final Folding weights;

  HeadProgram(Program program) {
    this.program = program;
    config = program.config;
    weights = program.weights;
  }

  private boolean readsDistillation() {
    return config.classes() > 0 && config.distillationHead();
  }

  /** How many leading tokens are read after the last block. */
  int tokensRead() {
    return config.pooling() != Pooling.TOKEN ? config.tokens() : readsDistillation() ? 2 : 1;
  }

  /** The methods after {@code tokens(images)}. */
  void write() {
    addTensors();
    program.begin("pooled");
    program.line("x = self.tokens(images)");
    pool();
    program.end("z");
    program.begin("forward");
    program.line("x = self.tokens(images)");
    pool();
    logits();
    program.end("z");
  }

  private void addTensors() {
    if (config.pooling() == Pooling.MAP) {
      addAttentionPool();
    }
    if (config.finalNorm() == FinalNorm.AFTER_POOL) {
      program.exactTensor("fc_norm_w", weights.get("fc_norm.weight"));
      program.exactTensor("fc_norm_b", weights.get("fc_norm.bias"));
    }
    if (config.classes() > 0) {
      Product head = weights.linear("head", config.headBias());
      if (readsDistillation()) {
        Product other = weights.linear("head_dist", config.headBias());
        Product half = weights.times(head, .5);
        head = weights.summed(List.of(half, weights.times(other, .5))); // the mean of two products
      }
      program.exactProduct("head", head);
    }
  }

  private void addAttentionPool() {
    Product q = weights.linear("attn_pool.q", true);
    NDArray latent = weights.get("attn_pool.latent").reshape(1, config.width());
    NDArray query = latent.matMul(q.weight().transpose()).add(q.bias()); // never changes
    query = query.div(Math.sqrt(config.headWidth()));
    program.exactTensor("pool_q", query.reshape(1, config.heads(), 1, config.headWidth()));
    program.exactProduct("pool_kv", weights.linear("attn_pool.kv", true));
    program.exactProduct("pool_proj", weights.linear("attn_pool.proj", true));
    Product fc1 = weights.linear("attn_pool.mlp.fc1", true);
    NDArray gamma = weights.get("attn_pool.norm.weight");
    program.exactProduct(
        "pool_fc1", weights.afterNorm(fc1, gamma, weights.get("attn_pool.norm.bias")));
    program.exactProduct("pool_fc2", weights.linear("attn_pool.mlp.fc2", true));
  }

  /** From x to z, (B, D) or (B, 2D). */
  private void pool() {
    switch (config.pooling()) {
      case TOKEN -> program.line("z = torch.select(x, 1, 0)");
      case MEAN -> program.line("z = %s", patchMean());
      case TOKEN_AND_MEAN ->
          program.line("z = torch.cat([torch.select(x, 1, 0), %s], 1)", patchMean());
      case MAP -> attend();
    }
    if (config.finalNorm() == FinalNorm.AFTER_POOL) {
      program.line("z = %s", program.norm("z", config.width(), "self.fc_norm_w", "self.fc_norm_b"));
    }
  }

  private String patchMean() {
    return "torch.mean(%s, [1])".formatted(patches());
  }

  private String patches() {
    return "torch.slice(x, 1, %d)".formatted(config.prefixTokens());
  }

  private void attend() {
    int d = config.width();
    program.line("b = torch.size(x, 0)");
    program.line("h = %s", program.linear(patches(), "pool_kv"));
    program.line(
        "h = torch.permute(torch.reshape(h, [b, %d, 2, %d, %d]), [2, 0, 3, 1, 4])",
        config.patches(), config.heads(), config.headWidth());
    program.line(
        "q = torch.expand(self.pool_q, [b, %d, 1, %d])", config.heads(), config.headWidth());
    program.line(
        "a = %s", program.attention("q", "torch.select(h, 0, 0)", "torch.select(h, 0, 1)", null));
    program.line("a = torch.reshape(torch.transpose(a, 1, 2), [b, 1, %d])", d);
    program.line("z = %s", program.linear("a", "pool_proj"));
    program.line("n = %s", program.bareNorm("z", d));
    program.activated("h", "n", "pool_fc1");
    program.line("z = torch.reshape(%s, [b, %d])", program.linearAdd("z", "h", "pool_fc2"), d);
  }

  /** From z, and x where the distillation token has a head, to logits in z. */
  private void logits() {
    if (readsDistillation()) {
      program.line("z = torch.cat([z, torch.select(x, 1, 1)], 1)");
    }
    if (config.classes() > 0) {
      program.line("z = %s", program.linear("z", "head"));
    }
  }
}
