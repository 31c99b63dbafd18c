package io.github.vit4j.finetune.strategy;

import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;

/** What either of two strategies trains. */
record Either(FineTuneStrategy one, FineTuneStrategy other) implements FineTuneStrategy {

  @Override
  public boolean trains(ViTParameter parameter) {
    return one.trains(parameter) || other.trains(parameter);
  }

  @Override
  public FineTuneStrategy prepare(VisionTransformer vit) {
    return new Either(one.prepare(vit), other.prepare(vit));
  }
}
