package io.github.vit4j.finetune.strategy;

import io.github.vit4j.model.ViTParameter;

/**
 * Trains the feed-forward branches, the head and the position embedding: the rival of {@link
 * FreezeAllButAttention} in the paper, which trains twice the weights for less accuracy on small
 * data sets (Three things everyone should know about ViTs, tables 5 and 6).
 *
 * @param norms whether the LayerNorms outside attention modules are trained, too
 */
public record FreezeAllButFeedForward(boolean norms) implements FineTuneStrategy {

  /** Norms stay frozen. */
  public FreezeAllButFeedForward() {
    this(false);
  }

  @Override
  public boolean trains(ViTParameter parameter) {
    return switch (parameter.role()) {
      case FEED_FORWARD, HEAD, POS_EMBED -> true;
      case NORM -> norms;
      default -> false;
    };
  }
}
