package io.github.vit4j.finetune.train;

import ai.djl.Device;
import ai.djl.Model;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.finetune.augment.Augmentation;
import io.github.vit4j.finetune.augment.CropKind;
import io.github.vit4j.finetune.augment.Mixup;
import io.github.vit4j.finetune.recipe.LossKind;
import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.recipe.OptimizerKind;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.recipe.ScheduleKind;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Path;

/** A model of a few thousand parameters with everything that draws or remembers. */
final class Tiny {

  private Tiny() {}

  static ViTBuilder builder() {
    return plain().hmlpStem(2, 2).dropout(0.1);
  }

  /** Nothing draws, and nothing depends on the other images of a batch. */
  static ViTBuilder plain() {
    return ViT.builder()
        .imageSize(Patches.SIDE)
        .patchSize(4)
        .width(24)
        .depth(2)
        .heads(2)
        .parallel(2)
        .classes(5)
        .seed(3);
  }

  static ViTModel model() {
    return model(builder());
  }

  static ViTModel model(ViTBuilder builder) {
    EngineThreads.set(1); // so small a model has nothing to share
    VisionTransformer network = builder.build();
    Model model = Model.newInstance("tiny", Device.cpu(), "PyTorch");
    network.initialize(model.getNDManager());
    network.freezeParameters(true);
    model.setBlock(network);
    return ViTModel.of(
        model,
        EvalTransform.ofSize(network.config().imageHeight()).withCropRatio(1),
        Label.numbered(network.config().classes()));
  }

  static Recipe recipe() {
    return new Recipe(
        "tiny",
        Patches.SIDE,
        1,
        3,
        8,
        new Optimization(
            OptimizerKind.ADAMW, 3e-3, 0.05, 0.9, 1, ScheduleKind.COSINE, 0.5, 1e-5, 1e-5),
        Augmentation.BASIC.withCrop(CropKind.PADDED).withFlip(0),
        Mixup.smoothing(0.05),
        LossKind.CROSS_ENTROPY,
        0.1,
        0.95);
  }

  static FineTuner tuner(ViTModel model, Path folder) {
    return FineTuner.of(model)
        .data(Patches.splits(24, 11))
        .recipe(recipe())
        .microBatch(4)
        .workers(1)
        .checkpointEverySteps(2)
        .listener(TrainListener.NONE)
        .onto(folder);
  }
}
