package io.github.vit4j.finetune.strategy;

import io.github.vit4j.model.ViTParameter;

/** Trains everything. */
public record FullFineTuning() implements FineTuneStrategy {

  @Override
  public boolean trains(ViTParameter parameter) {
    return true;
  }
}
