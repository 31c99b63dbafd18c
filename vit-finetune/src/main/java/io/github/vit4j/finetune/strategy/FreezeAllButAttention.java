package io.github.vit4j.finetune.strategy;

import io.github.vit4j.model.ViTParameter;

/**
 * Trains the attention modules of all branches, the head and the position embedding: a third of the
 * weights, for nearly the accuracy of training all of them at another resolution (Three things
 * everyone should know about ViTs, section 4). The paper's code leaves norms frozen, and
 * LayerScale, class token, stem and attention pool; it also leaves the second branch's attention
 * frozen, by accident of a name match, which is not repeated here.
 *
 * @param norms whether the LayerNorms outside attention modules are trained, too
 */
public record FreezeAllButAttention(boolean norms) implements FineTuneStrategy {

  /** As in the paper: norms stay frozen. */
  public FreezeAllButAttention() {
    this(false);
  }

  @Override
  public boolean trains(ViTParameter parameter) {
    return switch (parameter.role()) {
      case ATTENTION, HEAD, POS_EMBED -> true;
      case NORM -> norms;
      default -> false;
    };
  }
}
