package io.github.vit4j.finetune.train;

/** Two listeners as one. */
record BothListeners(TrainListener first, TrainListener second) implements TrainListener {

  @Override
  public void began(RunPlan plan) {
    first.began(plan);
    second.began(plan);
  }

  @Override
  public void step(StepMetrics metrics) {
    first.step(metrics);
    second.step(metrics);
  }

  @Override
  public void evaluated(int done, int total) {
    first.evaluated(done, total);
    second.evaluated(done, total);
  }

  @Override
  public void epoch(EpochMetrics metrics, boolean best) {
    first.epoch(metrics, best);
    second.epoch(metrics, best);
  }

  @Override
  public void note(String text) {
    first.note(text);
    second.note(text);
  }

  @Override
  public void ended() {
    first.ended();
    second.ended();
  }
}
