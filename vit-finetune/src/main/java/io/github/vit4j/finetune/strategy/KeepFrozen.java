package io.github.vit4j.finetune.strategy;

import ai.djl.training.Trainer;
import ai.djl.training.listener.TrainingListenerAdapter;

/**
 * Applies a strategy when a DJL trainer is made, after DJL has thawed what it had loaded, and again
 * at each epoch.
 *
 * <pre>{@code
 * new DefaultTrainingConfig(loss).addTrainingListeners(new KeepFrozen(new FreezeAllButAttention()));
 * }</pre>
 */
public final class KeepFrozen extends TrainingListenerAdapter {

  private final FineTuneStrategy strategy;

  /**
   * @param strategy what to train
   */
  public KeepFrozen(FineTuneStrategy strategy) {
    this.strategy = strategy;
  }

  @Override
  public void onTrainingBegin(Trainer trainer) {
    strategy.applyTo(trainer);
  }

  @Override
  public void onEpoch(Trainer trainer) {
    strategy.applyTo(trainer);
  }
}
