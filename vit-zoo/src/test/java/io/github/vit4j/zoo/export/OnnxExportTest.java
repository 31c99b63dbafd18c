package io.github.vit4j.zoo.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.github.vit4j.ViT;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.LowRank;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.Sample;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.ViTZoo;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Checkpoints;
import io.github.vit4j.zoo.description.ModelDescription;
import io.github.vit4j.zoo.names.Models;
import io.github.vit4j.zoo.names.WeightLoader;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is exported, read by ONNX Runtime, gives our numbers. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class OnnxExportTest {

  /** Of the largest magnitude; two libraries add up in different orders. */
  private static final float TOLERANCE = 1e-4f;

  @TempDir Path folder;
  private Path file;
  private NDManager manager;

  @BeforeEach
  void open() {
    file = folder.resolve("model.onnx");
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  static Stream<ViTConfig> architectures() {
    ViTConfig hybrid =
        Models.tiny().registerTokens(2).pooling(Pooling.MEAN).classTokenPosition(true).config();
    return Stream.concat(Models.spread().stream(), Stream.of(hybrid));
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void randomModelsGiveOurNumbers(ViTConfig config) throws OrtException {
    VisionTransformer model = ViT.of(config);
    model.initialize(
        manager,
        (p, owner) -> {
          // around 1 what scales or is a variance, around 0 the rest; nothing is at its initial
          // value
          boolean positive =
              p.path().endsWith("running_var")
                  || p.path().endsWith("gamma")
                  || p.path().endsWith("norm.weight");
          NDArray values = owner.randomUniform(-0.5f, 0.5f, p.shape());
          return positive ? values.add(1f) : values;
        });
    assertAgrees(model, 1);
    assertAgrees(model, 3);
  }

  static List<Path> fixtures() throws IOException {
    List<Path> folders = new ArrayList<>();
    for (String kind : List.of("fixtures", "fixtures_hf")) {
      try (Stream<Path> inside = Files.list(Path.of("src/test/resources", kind))) {
        inside
            .filter(f -> Files.exists(f.resolve("config.json")))
            .filter(f -> Files.exists(f.resolve("weights.safetensors")))
            .sorted()
            .forEach(folders::add);
      }
    }
    return folders;
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void referenceModelsGiveOurNumbers(Path fixture) throws OrtException {
    VisionTransformer model =
        ViT.of(ModelDescription.read(fixture.resolve("config.json")).config());
    try (Checkpoint weights = Checkpoints.open(fixture.resolve("weights.safetensors"))) {
      WeightLoader.load(model, weights, manager);
    }
    assertAgrees(model, 2);
  }

  private void assertAgrees(VisionTransformer model, int batch) throws OrtException {
    OnnxExport.write(model, file, Map.of());
    ViTConfig config = model.config();
    Shape shape = new Shape(batch, config.channels(), config.imageHeight(), config.imageWidth());
    NDArray images = manager.randomUniform(-2, 2, shape);
    NDArray ours =
        model
            .forward(new ParameterStore(manager, false), new NDList(images), false)
            .singletonOrThrow();
    float[] expected = ours.toFloatArray();
    float[] actual = run(images.toFloatArray(), shape.getShape());
    float largest = ours.abs().max().getFloat();
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i])).isLessThanOrEqualTo(TOLERANCE * largest);
    }
  }

  private float[] run(float[] images, long... shape) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      try (OrtSession session = environment.createSession(file.toString(), options);
          OnnxTensor input = OnnxTensor.createTensor(environment, FloatBuffer.wrap(images), shape);
          OrtSession.Result result = session.run(Map.of(OnnxExport.INPUT, input))) {
        OnnxTensor output = (OnnxTensor) result.get(0);
        float[] values = new float[output.getFloatBuffer().remaining()];
        output.getFloatBuffer().get(values);
        return values;
      }
    }
  }

  @Test
  void anOpenedModelTakesLabelsAndPreprocessingAlong() throws OrtException, IOException {
    try (ViTModel model = ViTModel.named(ViTZoo.EMBEDDED).load()) {
      model.exportOnnx(file);
      Sample sample = ViTZoo.samples().get(0);
      float[] pixels = model.preprocessing().apply(sample.image());
      long side = model.preprocessing().height();
      float[] logits = run(pixels, 1, 3, side, side);
      float[] ours = model.logits(List.of(sample.image()))[0];
      for (int i = 0; i < ours.length; i++) {
        assertThat(logits[i]).isCloseTo(ours[i], within(1e-3f));
      }
    }
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(file.toString())) {
      assertThat(session.getMetadata().getCustomMetadata())
          .containsKeys("vit4j.config", "vit4j.preprocessing", "vit4j.labels");
      assertThat(session.getInputNames()).containsExactly(OnnxExport.INPUT);
      assertThat(session.getOutputNames()).containsExactly(OnnxExport.LOGITS);
    }
  }

  @Test
  void weightsHaveTheNamesOfTimm() throws IOException {
    VisionTransformer model = ViT.of(Models.tiny().config());
    model.initialize(manager);
    OnnxExport.write(model, file, Map.of());
    assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
        .contains("blocks.0.attn.qkv.weight", "blocks.1.mlp.fc2.bias", "norm.weight")
        .doesNotContain("attns.0");
  }

  @Test
  void whatCannotBeExportedIsRefused() throws IOException {
    Files.writeString(file, "what was there");
    VisionTransformer empty = ViT.of(Models.tiny().config());
    assertThatThrownBy(() -> OnnxExport.write(empty, file, Map.of()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no values");
    empty.initialize(manager);
    empty.lowRank().add(2, 1, Set.of(LowRank.Layer.QKV));
    assertThatThrownBy(() -> OnnxExport.write(empty, file, Map.of()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("merge()");
    empty.lowRank().drop();
    assertThatThrownBy(
            () -> OnnxExport.write(empty, folder.resolve("none").resolve("m.onnx"), Map.of()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("cannot write");
    String huge = "x".repeat(600_000_000);
    assertThatThrownBy(() -> OnnxExport.write(empty, file, Map.of("note", huge)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("2 GiB");
    assertThat(file).hasContent("what was there");
    assertThat(folder).isDirectoryNotContaining("glob:**.part");
  }
}
