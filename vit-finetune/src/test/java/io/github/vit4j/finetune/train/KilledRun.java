package io.github.vit4j.finetune.train;

import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Path;

/** A run in a process of its own, which says each step and may be killed at any time. */
final class KilledRun {

  private KilledRun() {}

  public static void main(String[] args) {
    TrainListener talk =
        new TrainListener() {
          @Override
          public void step(StepMetrics metrics) {
            System.out.println("step " + metrics.step());
            System.out.flush();
          }
        };
    try (ViTModel model = Tiny.model()) {
      tuner(model, Path.of(args[0])).listener(talk).fit().close();
    }
    System.out.println("done");
  }

  static FineTuner tuner(ViTModel model, Path folder) {
    return Tiny.tuner(model, folder).epochs(10).checkpointEverySteps(1);
  }
}
