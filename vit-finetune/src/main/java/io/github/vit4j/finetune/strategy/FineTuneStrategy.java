package io.github.vit4j.finetune.strategy;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.Trainer;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * Chooses the parameters that fine-tuning moves.
 *
 * <pre>{@code
 * FineTuneStrategy mine =
 *     p -> p.role() == Role.ATTENTION && p.block() >= 6 || p.role() == Role.HEAD;
 * mine.applyTo(vit);
 * }</pre>
 *
 * <p>Decide by role, block and branch, not by name. Whatever is not chosen is frozen: it gets no
 * gradient, and what the forward pass keeps for that gradient is not kept. Running statistics of
 * BatchNorm and sin-cos positions are never trained, whatever a strategy says; a frozen BatchNorm
 * normalises by its running statistics and leaves them alone.
 *
 * <p>DJL's {@code newTrainer} thaws every parameter of a model that DJL has loaded. With DJL's
 * trainer add a {@link KeepFrozen} to its configuration, or call {@link #applyTo(Trainer)} between
 * {@code newTrainer} and {@code initialize}.
 */
@FunctionalInterface
public interface FineTuneStrategy {

  /**
   * {@return whether a parameter is trained}
   *
   * @param parameter a parameter of the model that the strategy was prepared for
   */
  boolean trains(ViTParameter parameter);

  /**
   * Gets ready for a model. Most strategies need nothing; some count its blocks, and {@link LoRA}
   * adds its branches here.
   *
   * @param vit the model
   * @return the strategy for this model
   * @throws BadInputException if the strategy and the model do not fit
   */
  default FineTuneStrategy prepare(VisionTransformer vit) {
    return this;
  }

  /**
   * Freezes and thaws a model's parameters. May be repeated, and replaces what another strategy
   * did.
   *
   * @param vit the model, with or without values
   * @throws BadInputException if nothing would be trained; nothing is frozen or thawed then
   */
  default void applyTo(VisionTransformer vit) {
    FineTuneStrategy prepared = prepare(vit);
    Set<Parameter> trained = Collections.newSetFromMap(new IdentityHashMap<>());
    for (ViTParameter p : vit.namedParameters()) {
      if (prepared.trains(p)) {
        trained.add(p.parameter());
      }
    }
    if (trained.isEmpty()) {
      throw new BadInputException(
          this + " trains nothing of this model; choose another strategy, or build a head");
    }
    vit.freezeParameters(true, p -> !trained.contains(p));
    vit.freezeParameters(false, trained::contains);
  }

  /**
   * Freezes and thaws the parameters of a DJL trainer's model. Call it after {@code newTrainer} and
   * before {@code initialize}.
   *
   * @param trainer trains a Vision Transformer, or a block with one somewhere inside
   * @throws BadInputException if it does not
   */
  default void applyTo(Trainer trainer) {
    Block block = trainer.getModel().getBlock();
    applyTo(
        Inside.find(block)
            .orElseThrow(
                () ->
                    new BadInputException(
                        "the trainer's model has no VisionTransformer inside, but is "
                            + block.getClass().getSimpleName())));
  }

  /**
   * {@return the strategy that trains what either of two trains}
   *
   * @param other the other one
   */
  default FineTuneStrategy or(FineTuneStrategy other) {
    return new Either(this, other);
  }
}
