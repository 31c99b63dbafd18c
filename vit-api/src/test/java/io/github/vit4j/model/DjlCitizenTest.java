package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.DefaultTrainingConfig;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import ai.djl.training.Trainer;
import ai.djl.training.loss.Loss;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import ai.djl.translate.NoopTranslator;
import io.github.vit4j.Spread;
import io.github.vit4j.ViT;
import io.github.vit4j.config.PositionEmbedding;
import io.github.vit4j.config.ViTConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** DJL's own tools take the model as they take any block. */
class DjlCitizenTest {

  private NDManager manager;

  @TempDir private Path folder;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager("PyTorch");
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static Model modelOf(VisionTransformer vit) {
    Model model = Model.newInstance("vit", "PyTorch");
    model.setBlock(vit);
    return model;
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void savesAndLoads(ViTConfig config) throws IOException, MalformedModelException {
    VisionTransformer saved = new VisionTransformer(config, 1, false);
    VisionTransformer loaded = new VisionTransformer(config, 2, false);
    NDArray images = Images.of(manager, config, 2);
    float[] logits;
    try (Model model = modelOf(saved)) {
      saved.initialize(model.getNDManager());
      Runs.train(saved, images); // so that running statistics have moved
      logits = Runs.infer(saved, images);
      model.save(folder, "vit");
    }

    try (Model model = modelOf(loaded)) {
      model.load(folder, "vit");

      assertThat(Runs.infer(loaded, images)).isEqualTo(logits);
    }
  }

  @Test
  void whatIsNeverTrainedStaysFrozenAfterLoading() throws IOException, MalformedModelException {
    ViTConfig config =
        Spread.smallOf16().hmlpStem().positionEmbedding(PositionEmbedding.SIN_COS).config();
    try (Model model = modelOf(ViT.of(config))) {
      model
          .getBlock()
          .initialize(model.getNDManager(), images(config).getDataType(), shape(config));
      model.save(folder, "vit");
    }
    VisionTransformer vit = ViT.of(config);
    try (Model model = modelOf(vit)) {
      model.load(folder, "vit");
      try (Trainer trainer = model.newTrainer(training())) {
        assertThat(trainer.getModel()).isSameAs(model);
        assertThat(vit.namedParameters())
            .allMatch(
                p ->
                    p.parameter().requiresGradient()
                        == !(p.isBuffer() || p.path().equals("pos_embed")));
      }
    }
  }

  private NDArray images(ViTConfig config) {
    return Images.of(manager, config, 1);
  }

  private static Shape shape(ViTConfig config) {
    return ViT.of(config).inputShape();
  }

  private static DefaultTrainingConfig training() {
    return new DefaultTrainingConfig(Loss.softmaxCrossEntropyLoss())
        .optDevices(new Device[] {Device.cpu()})
        .optOptimizer(Optimizer.adam().optLearningRateTracker(Tracker.fixed(.01f)).build());
  }

  @ParameterizedTest
  @MethodSource("learners")
  void learnsByHeart(ViTConfig config) {
    Engine.getEngine("PyTorch").setRandomSeed(3);
    try (Model model = modelOf(ViT.of(config));
        Trainer trainer = model.newTrainer(training())) {
      trainer.initialize(shape(config));
      NDManager own = trainer.getManager();
      NDArray images = Images.of(own, config, 5);
      NDArray labels = own.create(new float[] {0, 1, 2, 3, 4});
      List<Float> losses = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        try (NDManager step = own.newSubManager();
            GradientCollector collector = trainer.newGradientCollector()) {
          NDArray batch = images.duplicate();
          batch.attach(step);
          NDList logits = trainer.forward(new NDList(batch));
          NDArray loss = trainer.getLoss().evaluate(new NDList(labels), logits);
          collector.backward(loss);
          losses.add(loss.getFloat());
        }
        trainer.step();
      }
      assertThat(losses.get(0)).isEqualTo((float) Math.log(5), within(.3f));
      assertThat(losses.get(39)).isLessThan(.1f);
    }
  }

  private static List<ViTConfig> learners() {
    return List.of(
        Spread.small().config(),
        Spread.small().parallel(2).layerScale(1e-1).config(),
        Spread.smallOf16().hmlpStem().config());
  }

  @Test
  void predictsInSeveralThreads() throws Exception {
    VisionTransformer vit = Spread.small().parallel(2).build();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (Model model = modelOf(vit)) {
      vit.initialize(model.getNDManager());
      List<float[]> alone = new ArrayList<>();
      for (int batch = 1; batch <= 3; batch++) {
        alone.add(Runs.infer(vit, Images.of(manager, vit.config(), batch)));
      }
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        answers.add(threads.submit(() -> agrees(model, vit.config(), alone)));
      }
      for (Future<Boolean> answer : answers) {
        assertThat(answer.get()).isTrue();
      }
    } finally {
      threads.shutdown();
    }
  }

  private static boolean agrees(Model model, ViTConfig config, List<float[]> alone)
      throws Exception {
    try (NDManager mine = NDManager.newBaseManager("PyTorch");
        Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
      for (int i = 0; i < 30; i++) {
        int batch = 1 + i % 3;
        try (NDList out = predictor.predict(new NDList(Images.of(mine, config, batch)))) {
          assertThat(out.singletonOrThrow().toFloatArray()).isEqualTo(alone.get(batch - 1));
        }
      }
    }
    return true;
  }

  @Test
  void aDistilledModelAnswersTwiceInTrainingAndWithTheMeanAfter() {
    VisionTransformer vit = Spread.small().distillationToken().build();
    vit.initialize(manager);
    ParameterStore store = new ParameterStore(manager, false);
    NDList images = new NDList(Images.of(manager, vit.config(), 2));

    NDList training = vit.forward(store, images, true);
    NDList inference = vit.forward(store, images, false);

    assertThat(training).hasSize(2);
    assertThat(training.get(0).toFloatArray()).isNotEqualTo(training.get(1).toFloatArray());
    assertThat(inference.singletonOrThrow().toFloatArray())
        .containsExactly(training.get(0).add(training.get(1)).div(2).toFloatArray(), within(1e-6f));
  }

  @Test
  void saysItsShapes() {
    VisionTransformer vit = ViT.from(Spread.small().config()).imageSize(8, 24).build();

    assertThat(vit.inputShape()).isEqualTo(new Shape(1, 3, 8, 24));
    assertThat(vit.getOutputShapes(new Shape[] {vit.inputShape()}))
        .containsExactly(new Shape(1, 5));
  }

  @Test
  void takesAnEmptyBatch() {
    VisionTransformer vit = Spread.small().build();
    vit.initialize(manager);

    assertThat(Runs.infer(vit, Images.of(manager, vit.config(), 0))).isEmpty();
  }
}
