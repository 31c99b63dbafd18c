package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.error.BadInputException;
import org.jspecify.annotations.Nullable;

/** What {@link VisionTransformer#observe} saw. It owns its arrays; close it when done. */
public final class ViTOutput implements AutoCloseable {

  private final @Nullable NDArray logits;
  private final NDArray pooled;
  private final NDArray features;
  private final Observer observer;

  ViTOutput(@Nullable NDArray logits, NDArray pooled, NDArray features, Observer observer) {
    this.logits = logits;
    this.pooled = pooled;
    this.features = features;
    this.observer = observer;
  }

  /**
   * {@return the logits, (B, classes)}
   *
   * @throws BadInputException if the model has no head
   */
  public NDArray logits() {
    if (logits == null) {
      throw new BadInputException(
          "the model has no head and thus no logits; build it with classes(n), or use pooled()");
    }
    return logits;
  }

  /** {@return the pooled features that the head reads, (B, D) or (B, 2D)} */
  public NDArray pooled() {
    return pooled;
  }

  /**
   * {@return all tokens after the encoder, (B, T, D), normed where the final norm stands before the
   * pooling}
   */
  public NDArray features() {
    return features;
  }

  /**
   * {@return the tokens with their positions added, (B, T, D): what enters the first block, or the
   * norm before it}
   *
   * @throws BadInputException if they were not asked for
   */
  public NDArray embeddings() {
    return asked(observer.embeddings, "Observe.embeddings()");
  }

  /**
   * {@return the tokens that leave a block, (B, T, D)}
   *
   * @param block index of the block, from 0
   * @throws BadInputException if it was not asked for
   */
  public NDArray tokens(int block) {
    return asked(observer.tokens.get(block), "Observe.tokensAfter(" + block + ")");
  }

  /**
   * {@return the attention map of a block's first branch, (B, heads, T, T), each row summing to 1}
   *
   * @param block index of the block, from 0
   * @throws BadInputException if it was not asked for
   */
  public NDArray attention(int block) {
    return attention(block, 0);
  }

  /**
   * {@return the attention map of a branch, (B, heads, T, T), each row summing to 1}
   *
   * @param block index of the block, from 0
   * @param branch index of the branch, from 0
   * @throws BadInputException if it was not asked for
   */
  public NDArray attention(int block, int branch) {
    NDArray map = observer.attention.get(new Observer.Place(block, branch));
    return asked(map, "Observe.attention(" + block + ") on a model that has branch " + branch);
  }

  private static NDArray asked(@Nullable NDArray kept, String wish) {
    if (kept == null) {
      throw new BadInputException("this was not kept; ask for it with " + wish);
    }
    return kept;
  }

  @Override
  public void close() {
    observer.manager.close();
  }
}
