package io.github.vit4j.finetune.strategy;

import ai.djl.nn.Parameter;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;

/**
 * Trains weights and biases of all LayerNorms, those inside attention modules included, and the
 * head. The norms of the stem stay: a BatchNorm that is trained moves its statistics as well.
 */
public record NormOnly() implements FineTuneStrategy {

  @Override
  public boolean trains(ViTParameter parameter) {
    Parameter.Type type = parameter.parameter().getType();
    boolean norm = type == Parameter.Type.GAMMA || type == Parameter.Type.BETA;
    return norm && parameter.role() != Role.STEM || parameter.role() == Role.HEAD;
  }
}
