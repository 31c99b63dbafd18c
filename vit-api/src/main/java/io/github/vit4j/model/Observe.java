package io.github.vit4j.model;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@link VisionTransformer#observe} should keep on the way. Nothing is kept, and nothing paid
 * for, unless it is asked for here.
 */
public final class Observe {

  enum Kind {
    EMBEDDINGS,
    TOKENS,
    ATTENTION
  }

  private final Kind kind;
  private final boolean everywhere;
  private final int[] blocks;

  private Observe(Kind kind, boolean everywhere, int... blocks) {
    this.kind = kind;
    this.everywhere = everywhere;
    this.blocks = blocks.clone();
  }

  /** {@return a wish for the tokens with their positions added, before everything else} */
  public static Observe embeddings() {
    return new Observe(Kind.EMBEDDINGS, false);
  }

  /**
   * {@return a wish for the tokens that leave some blocks}
   *
   * @param blocks indices of the blocks, from 0
   */
  public static Observe tokensAfter(int... blocks) {
    return new Observe(Kind.TOKENS, false, blocks);
  }

  /** {@return a wish for the tokens that leave every block} */
  public static Observe tokensAfterEveryBlock() {
    return new Observe(Kind.TOKENS, true);
  }

  /**
   * {@return a wish for the attention maps of every branch of some blocks}
   *
   * @param blocks indices of the blocks, from 0
   */
  public static Observe attention(int... blocks) {
    return new Observe(Kind.ATTENTION, false, blocks);
  }

  /** {@return a wish for the attention maps of every branch of every block} */
  public static Observe attentionEverywhere() {
    return new Observe(Kind.ATTENTION, true);
  }

  static boolean anyEmbeddings(Observe... wishes) {
    return Arrays.stream(wishes).anyMatch(wish -> wish.kind == Kind.EMBEDDINGS);
  }

  static Set<Integer> blocks(Kind kind, ViTConfig config, Observe... wishes) {
    Set<Integer> blocks = new TreeSet<>();
    for (Observe wish : wishes) {
      if (wish.kind != kind) {
        continue;
      }
      for (int block = 0; wish.everywhere && block < config.depth(); block++) {
        blocks.add(block);
      }
      Arrays.stream(wish.blocks).forEach(block -> blocks.add(checked(block, config)));
    }
    return blocks;
  }

  private static int checked(int block, ViTConfig config) {
    if (block < 0 || block >= config.depth()) {
      throw new BadInputException(
          "there is no block %d to observe; this model has blocks 0 to %d"
              .formatted(block, config.depth() - 1));
    }
    return block;
  }
}
