package io.github.vit4j.finetune.pretrain;

import io.github.vit4j.ViT;
import io.github.vit4j.finetune.train.StepMetrics;
import io.github.vit4j.finetune.train.TrainListener;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Path;

/** A run in a process of its own, which says each step and may be killed at any time. */
final class KilledPreTraining {

  private KilledPreTraining() {}

  public static void main(String[] args) {
    TrainListener talk =
        new TrainListener() {
          @Override
          public void step(StepMetrics metrics) {
            System.out.println("step " + metrics.step());
            System.out.flush();
          }
        };
    try (ViTModel model = model()) {
      trainer(model, Path.of(args[0])).listener(talk).fit().close();
    }
    System.out.println("done");
  }

  static ViTModel model() {
    return Small.model(ViT.builder().hmlpStem(2, 2).beit().dropout(0.1));
  }

  static PreTrainer trainer(ViTModel model, Path folder) {
    Codebook codebook =
        CodebookTrainer.of(new Stripes(24), EvalTransform.ofSize(Stripes.SIDE).withCropRatio(1))
            .vectors(new PixelVectors(4))
            .size(16)
            .train();
    return Small.trainer(model, folder)
        .target(new CodebookTarget(codebook))
        .epochs(8)
        .pictures(2)
        .checkpointEverySteps(1);
  }
}
