package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.djl.translate.NoopTranslator;
import io.github.vit4j.Spread;
import io.github.vit4j.ViT;
import io.github.vit4j.WithManager;
import io.github.vit4j.compiled.CompileOptions;
import io.github.vit4j.compiled.CompiledViT;
import io.github.vit4j.compute.OneDnn;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.StemNorm;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A compiled model gives what the block gives. */
class CompiledViTTest extends WithManager {

  private VisionTransformer random(ViTConfig config) {
    return Drawn.values(ViT.of(config), manager);
  }

  private static void agree(NDArray ours, float[] block) {
    float largest = 0;
    float apart = 0;
    float[] values = ours.toFloatArray();
    for (int i = 0; i < block.length; i++) {
      largest = Math.max(largest, Math.abs(block[i]));
      apart = Math.max(apart, Math.abs(block[i] - values[i]));
    }
    assertThat(values).hasSameSizeAs(block);
    assertThat(largest).isPositive();
    assertThat(apart).isLessThanOrEqualTo(1e-4f * largest);
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void everyArchitectureAgrees(ViTConfig config) {
    VisionTransformer model = random(config);
    NDArray images = Images.of(manager, config, 3);
    float[] logits = Runs.infer(model, images);
    float[] pooled;
    try (ViTOutput out = model.observe(images)) {
      pooled = out.pooled().toFloatArray();
    }
    for (CompileOptions options :
        List.of(CompileOptions.float32(), CompileOptions.float32().plain())) {
      try (CompiledViT compiled = model.compile(options)) {
        agree(compiled.logits(images), logits);
        agree(compiled.logits(images), logits); // the engine rewrites a method after its first run
        agree(compiled.pooled(images), pooled);
        agree(compiled.logits(images.get("1:2")), Runs.infer(model, images.get("1:2")));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.Spread#configs")
  void theExportedFileGivesTheSameThroughPlainDjl(ViTConfig config, @TempDir Path folder)
      throws Exception {
    VisionTransformer model = random(config);
    NDArray images = Images.of(manager, config, 2);
    float[] logits = Runs.infer(model, images);
    Path file = folder.resolve("vit.pt");

    model.exportTorchScript(file);

    try (Model plain = Model.newInstance("vit", "PyTorch")) {
      plain.load(file);
      try (Predictor<NDList, NDList> predictor = plain.newPredictor(new NoopTranslator())) {
        NDList out = predictor.predict(new NDList(images));
        agree(out.singletonOrThrow(), logits);
        out.close();
      }
    }
  }

  /** Shapes beyond the 20,480 elements below which the engine's own layers do not ask oneDNN. */
  @Test
  void largerLayersAgree() {
    for (ViTConfig config :
        List.of(
            ViT.builder().tiny().depth(2).parallel(2).layerScale(.1).classes(10).config(),
            ViT.builder().tiny().depth(2).hmlpStem(StemNorm.BATCH_NORM).classes(10).config(),
            ViT.builder().tiny().depth(2).pooling(Pooling.MAP).swiglu().classes(10).config())) {
      VisionTransformer model = ViT.of(config);
      model.initialize(manager);
      int batch = config.parallel() > 1 ? 20 : 2; // so many are run in parts
      NDArray images = Images.of(manager, config, batch);
      try (CompiledViT compiled = model.compile()) {
        agree(compiled.pooled(images), pooled(model, images));
      }
    }
  }

  @Test
  void weightsOfEightBitsComeClose() {
    assumeTrue(OneDnn.packs());
    for (ViTConfig config :
        List.of(
            ViT.builder().tiny().depth(2).parallel(2).layerScale(.1).classes(10).config(),
            ViT.builder().tiny().depth(2).qkNorm().classes(10).config(),
            ViT.builder().tiny().depth(2).pooling(Pooling.MAP).swiglu().classes(10).config())) {
      VisionTransformer model = ViT.of(config);
      model.initialize(manager);
      NDArray images = Images.of(manager, config, 2);
      float[] block = pooled(model, images);
      try (CompiledViT compiled = model.compile(CompileOptions.int8())) {
        assertThat(compiled.source()).contains("qlinear_pointwise");
        float[] ours = compiled.pooled(images).toFloatArray();
        double difference = 0;
        double size = 0;
        for (int i = 0; i < block.length; i++) {
          difference += Math.pow(ours[i] - block[i], 2);
          size += Math.pow(block[i], 2);
        }
        assertThat(Math.sqrt(difference / size)).isBetween(1e-4, .03);
      }
    }
  }

  private static float[] pooled(VisionTransformer model, NDArray images) {
    try (ViTOutput out = model.observe(images)) {
      return out.pooled().toFloatArray();
    }
  }

  @Test
  void packsAndFusesWhatItSays() {
    VisionTransformer model = random(Spread.small().parallel(2).layerScale(.1).config());
    try (CompiledViT packed = model.compile();
        CompiledViT plain = model.compile(CompileOptions.float32().plain())) {
      assertThat(packed.source())
          .contains("_linear_pointwise", "\"gelu\"", "\"add\"", "_reorder_linear_weight");
      assertThat(plain.source()).doesNotContain("mkldnn").contains("scaled_dot_product_attention");
      assertThat(plain.source().split("torch.linear")).hasSize(1 + 1 + 4 + 5 + 1);
      assertThat(plain.source().split("scale=1[.]")).hasSize(1 + 2); // queries are scaled already
    }
  }

  @Test
  void lastsLongerThanTheModelAndKeepsNothing() {
    NDManager owner = manager.newSubManager();
    VisionTransformer model = ViT.of(Spread.small().config());
    model.initialize(owner);
    NDArray images = Images.of(manager, model.config(), 2);
    float[] logits = Runs.infer(model, images);
    int held = owner.getManagedArrays().size();
    try (CompiledViT compiled = model.compile()) {
      assertThat(owner.getManagedArrays()).hasSize(held);
      owner.close();
      int before = Managed.by(manager);
      for (int i = 0; i < 50; i++) {
        try (NDArray out = compiled.logits(images)) {
          agree(out, logits);
          assertThat(out.getManager()).isSameAs(manager);
        }
      }
      assertThat(Managed.by(manager)).isEqualTo(before);
    }
  }

  @Test
  void manyThreadsShareIt() throws Exception {
    VisionTransformer model = random(Spread.small().parallel(2).config());
    NDArray images = Images.of(manager, model.config(), 2);
    float[] logits = Runs.infer(model, images);
    float[] pixels = images.toFloatArray();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (CompiledViT compiled = model.compile();
        Model djl = Model.newInstance("compiled", "PyTorch")) {
      djl.setBlock(compiled.block());
      List<Future<float[]>> results = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        results.add(
            threads.submit(
                () -> {
                  try (Predictor<NDList, NDList> predictor =
                          djl.newPredictor(new NoopTranslator());
                      NDManager mine = NDManager.newBaseManager("PyTorch")) {
                    NDArray input = mine.create(pixels, images.getShape());
                    return predictor.predict(new NDList(input)).get(0).toFloatArray();
                  }
                }));
      }
      for (Future<float[]> result : results) {
        agree(manager.create(result.get()), logits);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void refusesWhatItCannotDo() {
    VisionTransformer model = ViT.of(Spread.small().config());
    assertThatThrownBy(model::compile)
        .isInstanceOf(BadInputException.class)
        .hasMessage("cls_token has no values yet; initialise or load the model first");
    model.initialize(manager);
    assertThatThrownBy(
            () ->
                CompiledViT.of(
                    model.config(),
                    path -> manager.ones(new Shape(1)),
                    Device.gpu(99),
                    CompileOptions.float32()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("there is no device gpu(99)");
    try (CompiledViT compiled = model.compile()) {
      assertThatThrownBy(() -> compiled.logits(manager.zeros(new Shape(1, 3, 24, 16))))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("compiled for float32 (B, 3, 16, 16)");
      NDArray bytes = manager.zeros(new Shape(1, 3, 16, 16), DataType.UINT8);
      assertThatThrownBy(() -> compiled.logits(bytes)).isInstanceOf(BadInputException.class);
      NDArray images = Images.of(manager, model.config(), 1);
      assertThatThrownBy(
              () ->
                  compiled
                      .block()
                      .forward(new ParameterStore(manager, false), new NDList(images), true))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("a compiled model cannot be trained");
    }
    model.lowRank().add(2, 1, Set.of(LowRank.Layer.QKV));
    assertThatThrownBy(model::compile)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("call lowRank().merge() first");
    model.lowRank().merge();
    model.compile().close();
  }
}
