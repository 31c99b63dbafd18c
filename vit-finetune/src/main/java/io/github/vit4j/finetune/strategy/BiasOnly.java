package io.github.vit4j.finetune.strategy;

import ai.djl.nn.Parameter;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;

/** Trains the biases, those of norms included, and the head (Ben Zaken et al. 2021, BitFit). */
public record BiasOnly() implements FineTuneStrategy {

  @Override
  public boolean trains(ViTParameter parameter) {
    Parameter.Type type = parameter.parameter().getType();
    return type == Parameter.Type.BIAS
        || type == Parameter.Type.BETA
        || parameter.role() == Role.HEAD;
  }
}
