package io.github.vit4j.finetune.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.tracker.Tracker;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.finetune.optim.AdamW;
import io.github.vit4j.finetune.optim.Optimizer;
import io.github.vit4j.finetune.optim.TrainingStep;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every strategy must keep, yours too: extend it and give it your strategy.
 *
 * <ul>
 *   <li>What it does not train is the same after training, bit for bit.
 *   <li>What it trains has moved.
 *   <li>Running statistics of a BatchNorm that it does not train have not moved.
 *   <li>What it does not train has no gradient.
 *   <li>All of this with DJL's own trainer, too, on a model that DJL has loaded.
 * </ul>
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FineTuneStrategyContract {

  private static final int STEPS = 3;

  /** {@return the strategy to hold to the contract} */
  protected abstract FineTuneStrategy strategy();

  /** {@return small models with two blocks that together have all kinds of parameters} */
  protected Stream<Named<ViTConfig>> models() {
    ViTBuilder beit =
        small()
            .qkvBias(QkvBias.QV_ONLY)
            .positionEmbedding(PositionEmbedding.NONE)
            .relativePosition(RelativePosition.SHARED)
            .pooling(Pooling.MEAN)
            .layerScale(.1);
    return Stream.of(
        Named.of("plain", small().config()),
        Named.of("parallel, LayerScale", small().parallel(2).layerScale(1e-4).config()),
        Named.of("hMLP with BatchNorm", large().hmlpStem().parallel(2).config()),
        Named.of("distilled, registers", small().distillationToken().registerTokens(2).config()),
        Named.of("BEiT", beit.config()),
        Named.of(
            "sin-cos, attention pool, qk norm",
            small()
                .positionEmbedding(PositionEmbedding.SIN_COS)
                .pooling(Pooling.MAP)
                .qkNorm()
                .config()));
  }

  private static ViTBuilder small() {
    return ViT.builder().imageSize(16).patchSize(8).width(16).depth(2).heads(2).classes(4);
  }

  private static ViTBuilder large() {
    return ViT.builder().imageSize(32).width(16).depth(2).heads(2).classes(4);
  }

  /** In our loop. */
  @ParameterizedTest
  @MethodSource("models")
  void onlyWhatItTrainsMoves(ViTConfig config) {
    try (NDManager manager = NDManager.newBaseManager()) {
      VisionTransformer vit = ViT.of(config);
      vit.initialize(manager);
      strategy().applyTo(vit);
      Map<String, float[]> before = values(vit);
      NDArray images = images(manager, config);
      try (Optimizer adamw = AdamW.over(vit.trainable(), 1e-2)) {
        for (int i = 0; i < STEPS; i++) {
          try (TrainingStep step = TrainingStep.begin(manager)) {
            step.backward(loss(step.forward(vit, new NDList(images))));
            assertThat(adamw.step().taken()).isTrue();
          }
        }
      }
      assertKept(vit, before);
    }
  }

  /** In DJL's, on a model that DJL has loaded, which DJL thaws when it makes the trainer. */
  @ParameterizedTest
  @MethodSource("models")
  void survivesDjlsTrainer(ViTConfig config, @TempDir Path folder)
      throws IOException, MalformedModelException {
    try (Model model = Model.newInstance("vit", "PyTorch")) {
      VisionTransformer vit = ViT.of(config);
      model.setBlock(vit);
      vit.initialize(model.getNDManager());
      model.save(folder, "vit");
    }
    try (Model model = Model.newInstance("vit", "PyTorch")) {
      VisionTransformer vit = ViT.of(config);
      model.setBlock(vit);
      model.load(folder, "vit");
      strategy().applyTo(vit);
      Map<String, float[]> before = values(vit);
      DefaultTrainingConfig training =
          new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
              .optDevices(new Device[] {Device.cpu()})
              .optOptimizer(
                  ai.djl.training.optimizer.Optimizer.adamW()
                      .optLearningRateTracker(Tracker.fixed(1e-2f))
                      .build())
              .addTrainingListeners(new KeepFrozen(strategy()));
      try (Trainer trainer = model.newTrainer(training)) {
        trainer.initialize(vit.inputShape());
        NDArray images = images(trainer.getManager(), config);
        for (int i = 0; i < STEPS; i++) {
          try (GradientCollector collector = trainer.newGradientCollector()) {
            collector.backward(loss(trainer.forward(new NDList(images))));
          }
          trainer.step();
        }
      }
      assertKept(vit, before);
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void appliedTwiceItIsTheSame(ViTConfig config) {
    VisionTransformer vit = ViT.of(config);
    strategy().applyTo(vit);
    List<ViTParameter> once = vit.trainable();

    strategy().applyTo(vit);

    assertThat(vit.trainable()).isEqualTo(once).isNotEmpty();
  }

  private static Map<String, float[]> values(VisionTransformer vit) {
    Map<String, float[]> values = new HashMap<>();
    vit.namedParameters().forEach(p -> values.put(p.path(), p.array().toFloatArray()));
    return values;
  }

  private void assertKept(VisionTransformer vit, Map<String, float[]> before) {
    FineTuneStrategy prepared = strategy().prepare(vit);
    Map<String, Boolean> trained = new HashMap<>();
    for (ViTParameter p : vit.namedParameters()) {
      trained.put(p.path(), prepared.trains(p) && !isFixed(vit, p));
    }
    for (ViTParameter p : vit.namedParameters()) {
      boolean moves =
          p.isBuffer()
              ? Boolean.TRUE.equals(trained.get(normOf(p)))
              : Boolean.TRUE.equals(trained.get(p.path()));
      boolean learns = moves && !p.isBuffer();
      assertThat(p.parameter().requiresGradient()).as("%s is thawed", p.path()).isEqualTo(learns);
      assertThat(p.array().hasGradient()).as("%s has a gradient", p.path()).isEqualTo(learns);
      if (moves) {
        assertThat(p.array().toFloatArray()).as(p.path()).isNotEqualTo(before.get(p.path()));
      } else {
        assertThat(p.array().toFloatArray()).as(p.path()).isEqualTo(before.get(p.path()));
      }
    }
  }

  /** The weight of the BatchNorm whose statistic this is. */
  private static String normOf(ViTParameter statistic) {
    return statistic.path().replaceAll("running_(mean|var)$", "weight");
  }

  private static boolean isFixed(VisionTransformer vit, ViTParameter p) {
    boolean sinCos = vit.config().positionEmbedding() == PositionEmbedding.SIN_COS;
    return p.isBuffer() || (sinCos && p.role() == Role.POS_EMBED);
  }

  private static NDArray images(NDManager manager, ViTConfig config) {
    Shape shape = new Shape(4, config.channels(), config.imageHeight(), config.imageWidth());
    return manager.arange((float) shape.size()).sin().reshape(shape);
  }

  /** The first image is of class 0, the second of class 1, and so on; of all heads alike. */
  private static NDArray loss(NDList outputs) {
    NDArray loss = outputs.get(0).getManager().create(0f);
    for (NDArray logits : outputs) {
      NDArray right = logits.getManager().eye(4);
      loss = loss.add(logits.logSoftmax(-1).mul(right).sum().neg());
    }
    return loss;
  }
}
