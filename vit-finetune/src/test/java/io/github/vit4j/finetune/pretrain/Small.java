package io.github.vit4j.finetune.pretrain;

import ai.djl.Device;
import ai.djl.Model;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.finetune.train.TrainListener;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Path;
import java.util.List;

/** A model of a few thousand parameters, and a run that is over at once. */
final class Small {

  private Small() {}

  static ViTModel model(ViTBuilder begun) {
    EngineThreads.set(1); // so small a model has nothing to share
    VisionTransformer network =
        begun
            .imageSize(Stripes.SIDE)
            .patchSize(4)
            .width(24)
            .depth(2)
            .heads(2)
            .noHead()
            .seed(3)
            .build();
    Model model = Model.newInstance("small", Device.cpu(), "PyTorch");
    network.initialize(model.getNDManager());
    model.setBlock(network);
    return ViTModel.of(model, EvalTransform.ofSize(Stripes.SIDE).withCropRatio(1), List.of());
  }

  static PreTrainer trainer(ViTModel model, Path folder) {
    return PreTrainer.of(model)
        .data(new Stripes(24))
        .target(PixelTarget.MAE)
        .epochs(3)
        .batch(8)
        .microBatch(4)
        .rate(3e-3)
        .workers(1)
        .checkpointEverySteps(2)
        .listener(TrainListener.NONE)
        .onto(folder);
  }
}
