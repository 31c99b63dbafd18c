package io.github.vit4j.zoo.names;

import static io.github.vit4j.zoo.names.Models.assertSameValues;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorType;
import io.github.vit4j.zoo.description.ModelDescription;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every converter both ways: nothing is lost, renamed twice or put in another order. */
class NameBijectionTest {

  private static final List<NameConverter> CONVERTERS = converters();

  private static List<NameConverter> converters() {
    List<NameConverter> all =
        new ArrayList<>(
            List.of(
                NameConverters.flax(FlaxDialect.VISION_TRANSFORMER),
                NameConverters.flax(new FlaxDialect("opt/target/", false, false)),
                NameConverters.flax(FlaxDialect.BIG_VISION_SCANNED),
                NameConverters.flax(new FlaxDialect("params/img/", true, true)),
                new TimmNames(TimmNames.IN_OPEN_CLIP),
                new Dinov2Names(1)));
    NameConverters.families().forEach(family -> all.add(NameConverters.named(family)));
    for (TransformersNames.Kind kind : TransformersNames.Kind.values()) {
      all.add(new TransformersNames(kind, ""));
    }
    for (TransformersTowerNames.Kind kind : TransformersTowerNames.Kind.values()) {
      all.add(new TransformersTowerNames(kind, ""));
    }
    return all;
  }

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("io.github.vit4j.zoo.names.Cases#all")
  void aReferencesFileComesBackAsItWas(String name) {
    Path copy = folder.resolve("copy.safetensors");
    try (NDManager manager = NDManager.newBaseManager();
        Checkpoint original = Cases.weights(name)) {
      NameConverter converter = NameConverters.detect(original);
      VisionTransformer model = Cases.model(name);
      WeightLoader.load(model, original, converter, manager);
      WeightSaver.save(model, copy, Map.of(), converter, TensorType.F32);
      try (Checkpoint written = SafeTensors.open(copy)) {
        assertThat(written.tensors()).containsExactlyInAnyOrderElementsOf(original.tensors());
        for (TensorInfo tensor : original.tensors()) {
          assertThat(written.bytes(tensor.name()))
              .as(tensor.name())
              .isEqualTo(original.bytes(tensor.name()));
        }
      }
    }
  }

  /** Also what their authors' code and transformers saved, less what only pre-training uses. */
  @ParameterizedTest
  @MethodSource("others")
  void anotherLibrarysFileComesBackAsItWas(Path reference) {
    Path copy = folder.resolve("copy.safetensors");
    try (NDManager manager = NDManager.newBaseManager();
        Checkpoint original = SafeTensors.open(reference.resolve("weights.safetensors"))) {
      ModelDescription description = ModelDescription.read(reference.resolve("config.json"));
      NameConverter converter = NameConverters.detect(original);
      VisionTransformer model = ViT.of(description.config());
      WeightLoader.load(model, original, converter, manager);
      WeightSaver.save(model, copy, Map.of(), converter, TensorType.F32);
      try (Checkpoint written = SafeTensors.open(copy)) {
        for (TensorInfo tensor : written.tensors()) {
          assertThat(tensor).isEqualTo(original.info(tensor.name()));
          assertThat(written.bytes(tensor.name()))
              .as(tensor.name())
              .isEqualTo(original.bytes(tensor.name()));
        }
        TensorMap map = converter.map(model);
        assertThat(original.tensors().stream().map(TensorInfo::name))
            .allMatch(name -> written.find(name).isPresent() || map.ignores(name));
        assertThat(NameConverters.detect(written).map(model).shapes()).isEqualTo(map.shapes());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("others")
  void theFamilyIsTheOneThatTheConfigurationNames(Path reference) {
    try (Checkpoint weights = SafeTensors.open(reference.resolve("weights.safetensors"))) {
      String named = ModelDescription.read(reference.resolve("config.json")).family();
      String found = NameConverters.detect(weights).family();
      // without registers and SwiGLU the names of DINOv2 are timm's
      assertThat(found).isIn(named, named.equals("dinov2") ? "timm" : named);
    }
  }

  static Stream<Path> others() throws IOException {
    List<Path> all = new ArrayList<>();
    for (String folder : List.of("fixtures_hf", "fixtures_authors")) {
      try (Stream<Path> inside = Files.list(Path.of("src/test/resources", folder))) {
        inside.filter(f -> Files.exists(f.resolve("config.json"))).sorted().forEach(all::add);
      }
    }
    return all.stream();
  }

  static Stream<Arguments> modelsUnderNames() {
    return Models.spread().stream()
        .flatMap(
            config -> CONVERTERS.stream().filter(c -> names(c, config)).map(c -> named(c, config)));
  }

  private static boolean names(NameConverter converter, ViTConfig config) {
    try {
      converter.map(ViT.of(config));
      return true;
    } catch (BadInputException e) {
      return false;
    }
  }

  private static Arguments named(NameConverter converter, ViTConfig config) {
    return Arguments.of(converter, config);
  }

  @ParameterizedTest
  @MethodSource("modelsUnderNames")
  void aModelComesBackAsItWas(NameConverter converter, ViTConfig config) {
    Path file = folder.resolve("model.safetensors");
    try (NDManager manager = NDManager.newBaseManager()) {
      VisionTransformer model = Models.distinct(config, manager);
      WeightSaver.save(model, file, Map.of(), converter, TensorType.F32);
      VisionTransformer again = ViT.of(config);
      try (Checkpoint written = SafeTensors.open(file)) {
        WeightLoader.load(again, written, converter, manager);
        long numbers =
            written.tensors().stream()
                .filter(tensor -> tensor.type().isFloat())
                .mapToLong(TensorInfo::elements)
                .sum();
        assertThat(numbers)
            .isEqualTo(model.namedParameters().stream().mapToLong(ViTParameter::size).sum());
      }
      assertSameValues(again, model);
    }
  }

  @ParameterizedTest
  @MethodSource("modelsUnderNames")
  void theFamilyIsRecognised(NameConverter converter, ViTConfig config) {
    VisionTransformer model = ViT.of(config);
    TensorMap map = converter.map(model);
    NameConverter detected = NameConverters.detect(map.shapes().keySet());
    // where families share all names either will do
    assertThat(detected.map(model).shapes()).isEqualTo(map.shapes());
  }

  @Test
  void everyFamilyIsTriedOnSeveralModels() {
    assertThat(modelsUnderNames().map(a -> ((NameConverter) a.get()[0]).family()))
        .hasSizeGreaterThan(120)
        .containsAll(NameConverters.families());
    assertThat(modelsUnderNames().filter(a -> a.get()[0] == NameConverters.timm()))
        .hasSameSizeAs(Models.spread());
  }

  @ParameterizedTest
  @MethodSource("io.github.vit4j.zoo.names.Cases#all")
  void theReferencesFamiliesAreRecognised(String name) {
    try (Checkpoint weights = Cases.weights(name)) {
      assertThat(NameConverters.detect(weights).family()).isEqualTo(Cases.config(name).family());
    }
  }

  @ParameterizedTest
  @MethodSource("flaxCases")
  void flaxLayoutsBecomeWhatTimmMakesOfThem(String name) {
    try (NDManager manager = NDManager.newBaseManager();
        Checkpoint npz = Cases.weights(name);
        Checkpoint timm = SafeTensors.open(Cases.file(name, "weights.safetensors"))) {
      VisionTransformer model = Cases.model(name);
      WeightLoader.load(model, npz, manager);
      VisionTransformer expected = Cases.model(name);
      WeightLoader.load(expected, timm, NameConverters.timm(), manager);
      assertSameValues(model, expected);
    }
  }

  static Stream<String> flaxCases() {
    return Cases.all().filter(name -> name.startsWith("flax"));
  }

  @Test
  void thePapersParallelModelIsSavedUnderTimmsNames() {
    Path file = folder.resolve("timm.safetensors");
    try (NDManager manager = NDManager.newBaseManager();
        Checkpoint paper = Cases.weights("paper_parallel2_ls");
        Checkpoint timm = Cases.weights("timm_parallel2")) {
      VisionTransformer model = Cases.model("paper_parallel2_ls");
      WeightLoader.load(model, paper, manager);
      WeightSaver.save(model, file);
      try (Checkpoint written = SafeTensors.open(file)) {
        assertThat(written.tensors().stream().map(TensorInfo::name))
            .containsExactlyInAnyOrderElementsOf(
                timm.tensors().stream().map(TensorInfo::name).toList());
        assertThat(written.metadata()).containsEntry("format", "pt");
        VisionTransformer again = SavedModel.load(written, manager);
        assertSameValues(again, model);
      }
    }
  }

  @Test
  void aThirdBranchHasNoNameInThePapersCode() {
    VisionTransformer model = ViT.of(Models.tiny().parallel(3).config());
    assertThatThrownBy(() -> NameConverters.deitV2().map(model))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("at most 2 parallel branches, but the model has 3; use timm names");
  }

  @Test
  void partsThatAFamilyLacksAreNamed() {
    VisionTransformer registers = ViT.of(Models.tiny().registerTokens(2).config());
    VisionTransformer parallel = ViT.of(Models.tiny().parallel(2).config());
    VisionTransformer gated = ViT.of(Models.tiny().swiglu().config());
    assertThatThrownBy(() -> NameConverters.deitV2().map(registers))
        .hasMessageContaining("deit_v2")
        .hasMessageContaining("reg_token");
    assertThatThrownBy(() -> NameConverters.deitV2().map(gated)).hasMessageContaining("mlp.fc1");
    assertThatThrownBy(() -> NameConverters.beit().map(gated)).hasMessageContaining("qkv.bias");
    assertThatThrownBy(() -> NameConverters.flax(FlaxDialect.BIG_VISION).map(registers))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("reg_token");
    assertThatThrownBy(() -> NameConverters.flax(FlaxDialect.BIG_VISION).map(parallel))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("parallel");
  }

  @Test
  void familiesAreFoundByTheirNames() {
    assertThat(NameConverters.families())
        .containsExactly(
            "timm",
            "deit_v2",
            "beit",
            "dinov2",
            "clip",
            "flax",
            "transformers_vit",
            "transformers_deit",
            "transformers_beit",
            "transformers_dinov2",
            "transformers_dinov2_with_registers",
            "transformers_clip",
            "transformers_siglip");
    assertThat(NameConverters.named("clip")).isSameAs(NameConverters.clip());
    assertThatThrownBy(() -> NameConverters.named("keras"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no names called 'keras'; known are timm, deit_v2,");
  }

  @ParameterizedTest
  @MethodSource("others")
  void transformersNamesAreFoundForWhatTransformersSaved(Path reference) {
    ModelDescription description = ModelDescription.read(reference.resolve("config.json"));
    if (description.family().startsWith("transformers_")) {
      NameConverter found = NameConverters.forTransformers(ViT.of(description.config()));
      assertThat(found.family()).isEqualTo(description.family());
    }
  }

  @Test
  void transformersLacksWhatThePaperAdds() {
    VisionTransformer model = ViT.of(Models.tiny().parallel(2).config());
    assertThatThrownBy(() -> NameConverters.forTransformers(model))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("transformers_vit names have none for")
        .hasMessageContaining("use timm names");
  }
}
