package io.github.vit4j.finetune.strategy;

import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;

/** Trains the head alone. The rest of the model keeps nothing for a backward pass. */
public record LinearProbe() implements FineTuneStrategy {

  @Override
  public boolean trains(ViTParameter parameter) {
    return parameter.role() == Role.HEAD;
  }
}
