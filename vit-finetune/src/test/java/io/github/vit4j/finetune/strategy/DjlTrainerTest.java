package io.github.vit4j.finetune.strategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.EasyTrain;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.ArrayDataset;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.TranslateException;
import io.github.vit4j.ViT;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DJL's own training, on a model that DJL has loaded. */
class DjlTrainerTest {

  private static final ViTConfig CONFIG =
      ViT.builder().imageSize(32).width(16).depth(2).heads(2).classes(3).hmlpStem().config();

  @TempDir private Path folder;

  @BeforeEach
  void save() throws IOException {
    try (Model model = Model.newInstance("vit", "PyTorch")) {
      model.setBlock(ViT.of(CONFIG));
      model
          .getBlock()
          .initialize(model.getNDManager(), model.getDataType(), ViT.of(CONFIG).inputShape());
      model.save(folder, "vit");
    }
  }

  private Model load(VisionTransformer vit) throws IOException, MalformedModelException {
    Model model = Model.newInstance("vit", "PyTorch");
    model.setBlock(vit);
    model.load(folder, "vit");
    return model;
  }

  private static DefaultTrainingConfig training() {
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .optDevices(new Device[] {Device.cpu()})
        .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(.01f)).build());
  }

  @Test
  void easyTrainMovesOnlyWhatTheStrategyTrains()
      throws IOException, MalformedModelException, TranslateException {
    VisionTransformer vit = ViT.of(CONFIG);
    FineTuneStrategy strategy = new FreezeAllButAttention();
    try (Model model = load(vit);
        Trainer trainer =
            model.newTrainer(training().addTrainingListeners(new KeepFrozen(strategy)))) {
      trainer.initialize(vit.inputShape());
      Map<String, float[]> before = new HashMap<>();
      vit.namedParameters().forEach(p -> before.put(p.path(), p.array().toFloatArray()));

      EasyTrain.fit(trainer, 2, dataset(trainer.getManager()), null);

      for (ViTParameter p : vit.namedParameters()) {
        float[] after = p.array().toFloatArray();
        if (strategy.trains(p)) {
          assertThat(after).as(p.path()).isNotEqualTo(before.get(p.path()));
        } else {
          assertThat(after).as(p.path()).isEqualTo(before.get(p.path()));
        }
      }
    }
  }

  private static ArrayDataset dataset(NDManager manager) {
    NDArray images = manager.arange(6f * 3 * 32 * 32).sin().reshape(new Shape(6, 3, 32, 32));
    return new ArrayDataset.Builder()
        .setData(images)
        .optLabels(manager.create(new float[] {0, 1, 2, 0, 1, 2}))
        .setSampling(3, false)
        .build();
  }

  /** The trap that the listener is for, and the way without a listener. */
  @Test
  void aNewTrainerThawsAndTheStrategyFreezesAgain() throws IOException, MalformedModelException {
    VisionTransformer vit = ViT.of(CONFIG);
    FineTuneStrategy strategy = new LinearProbe();
    try (Model model = load(vit)) {
      strategy.applyTo(vit);
      assertThat(vit.trainable()).hasSize(2);
      try (Trainer trainer = model.newTrainer(training())) {
        assertThat(vit.trainable()).hasSizeGreaterThan(2);
        strategy.applyTo(trainer);
        assertThat(vit.trainable()).hasSize(2);
      }
    }
  }

  @Test
  void findsTheModelWithinABlock() {
    VisionTransformer vit = ViT.of(CONFIG);
    try (Model model = Model.newInstance("net", "PyTorch")) {
      model.setBlock(new SequentialBlock().add(Blocks.identityBlock()).add(vit));
      try (Trainer trainer = model.newTrainer(training())) {
        new LinearProbe().applyTo(trainer);
      }
      assertThat(vit.trainable()).hasSize(2);

      model.setBlock(new SequentialBlock().add(Blocks.identityBlock()));
      try (Trainer trainer = model.newTrainer(training())) {
        assertThatThrownBy(() -> new LinearProbe().applyTo(trainer))
            .isInstanceOf(BadInputException.class)
            .hasMessageContaining("has no VisionTransformer inside");
      }
    }
  }
}
