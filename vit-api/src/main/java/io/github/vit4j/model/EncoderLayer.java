package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.config.ViTConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * One block: any number of attention branches side by side, then as many feed-forward branches
 * (Three things everyone should know about ViTs, equation 2):
 *
 * <pre>
 * x = x + mhsa_1(x) + mhsa_2(x) + ...
 * x = x + ffn_1(x) + ffn_2(x) + ...
 * </pre>
 *
 * With one branch this is the usual sequential block.
 */
final class EncoderLayer extends Part {

  private final int index;
  private final List<Attention> attentions = new ArrayList<>();
  private final List<Branch> attns = new ArrayList<>();
  private final List<Branch> ffns = new ArrayList<>();

  EncoderLayer(ViTConfig config, int index) {
    this.index = index;
    for (int i = 0; i < config.parallel(); i++) {
      Attention attention = new Attention(config, index, i);
      attentions.add(attention);
      attns.add(part("attns." + i, new Branch(config, index, i, "attn", attention)));
    }
    for (int i = 0; i < config.parallel(); i++) {
      FeedForward mlp = new FeedForward(config, Role.FEED_FORWARD, config.feedForward());
      ffns.add(part("ffns." + i, new Branch(config, index, i, "mlp", mlp)));
    }
  }

  /** The attention module of each branch. */
  List<Attention> attentions() {
    return attentions;
  }

  @Override
  int blockIndex() {
    return index;
  }

  @Override
  NDArray apply(Pass pass, NDArray x) {
    return Scope.run(x, in -> sum(pass, sum(pass, in, attns), ffns));
  }

  private static NDArray sum(Pass pass, NDArray x, List<Branch> branches) {
    NDArray y = x;
    for (Branch branch : branches) {
      y = y.add(branch.apply(pass, x));
    }
    return y;
  }
}
