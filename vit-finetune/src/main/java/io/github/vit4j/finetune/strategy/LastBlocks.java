package io.github.vit4j.finetune.strategy;

import ai.djl.nn.Parameter;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Trains the last blocks and all that follows them: final norm, pool, head. Nothing before them
 * keeps anything for a backward pass.
 *
 * @param count how many blocks, at least 1
 */
public record LastBlocks(int count) implements FineTuneStrategy {

  /** Checks the number. */
  public LastBlocks {
    if (count < 1) {
      throw new BadInputException(
          "the last %d blocks are none; give at least 1, or take a LinearProbe".formatted(count));
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalStateException always: which blocks are the last depends on the model, so ask
   *     what {@link #prepare} returns
   */
  @Override
  public boolean trains(ViTParameter parameter) {
    throw new IllegalStateException("prepare the strategy for a model first");
  }

  @Override
  public FineTuneStrategy prepare(VisionTransformer vit) {
    int depth = vit.config().depth();
    if (count > depth) {
      throw new BadInputException(
          "the model has %d blocks, so the last %d cannot be trained".formatted(depth, count));
    }
    Set<Parameter> last = Collections.newSetFromMap(new IdentityHashMap<>());
    boolean reached = false;
    for (ViTParameter p : vit.namedParameters()) { // in the data's order
      reached |= p.block() >= depth - count;
      if (reached) {
        last.add(p.parameter());
      }
    }
    return p -> last.contains(p.parameter());
  }
}
