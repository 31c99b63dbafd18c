package io.github.vit4j.finetune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorType;
import io.github.vit4j.zoo.names.NameConverter;
import io.github.vit4j.zoo.names.NameConverters;
import io.github.vit4j.zoo.names.SavedModel;
import io.github.vit4j.zoo.names.WeightSaver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class TaskFileTest {

  @TempDir Path folder;
  private ViTModel base;
  private Path file;

  @BeforeEach
  void open() {
    base = Models.base(Models.small());
    file = folder.resolve("flowers.task.safetensors");
  }

  @AfterEach
  void close() {
    base.close();
  }

  private static Set<String> paths(ViTModel model, Predicate<ViTParameter> chosen) {
    return model.network().namedParameters().stream()
        .filter(chosen)
        .map(ViTParameter::path)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> written() {
    try (Checkpoint task = SafeTensors.open(file)) {
      return task.tensors().stream()
          .map(TensorInfo::name)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void whatDiffersIsWritten() {
    try (ViTModel tuned = Models.tuned(base, 5, Models.ATTENTION_ONLY, 1)) {
      TaskFile.write(tuned, base, file);
      assertThat(written()).isEqualTo(paths(base, Models.ATTENTION_ONLY));
    }
  }

  @Test
  void aHeadOfOtherClassesIsWrittenThoughNothingWasTrained() {
    try (ViTModel tuned = Models.tuned(base, 9, p -> false, 1)) {
      TaskFile.write(tuned, base, file);
      assertThat(written()).containsExactly("head.bias", "head.weight");
    }
  }

  @Test
  void runningStatisticsAreWeights() {
    try (ViTModel tuned = Models.tuned(base, 5, ViTParameter::isBuffer, 1)) {
      TaskFile.write(tuned, base, file);
      assertThat(written())
          .isNotEmpty()
          .allMatch(path -> path.contains(".running_"))
          .isEqualTo(paths(base, ViTParameter::isBuffer));
    }
  }

  @Test
  void oneBitIsADifference() {
    try (ViTModel tuned = Models.tuned(base, 5, p -> false, 1)) {
      ViTParameter norm =
          tuned.network().namedParameters().stream()
              .filter(p -> p.path().equals("norm.bias"))
              .findFirst()
              .orElseThrow();
      var bytes = norm.array().toByteBuffer(true);
      bytes.put(3, (byte) (bytes.get(3) ^ 0x80)); // 0 becomes -0, which compares as equal
      TaskFile.write(tuned, base, file);
      assertThat(written()).containsExactly("norm.bias");
    }
  }

  @Test
  void rolesCanBeAskedFor() {
    try (ViTModel tuned = Models.tuned(base, 5, p -> false, 1)) {
      TaskFile.writer(tuned, BaseDigest.of(base)).always(Role.ATTENTION, Role.HEAD).write(file);
      assertThat(written())
          .isEqualTo(paths(base, p -> p.role() == Role.ATTENTION || p.role() == Role.HEAD));
    }
  }

  @Test
  void theFileSaysWhatItIs() {
    try (ViTModel tuned = Models.tuned(base, 7, Models.ATTENTION_ONLY, 1)) {
      BaseDigest digest = BaseDigest.of(base);
      TaskFile.writer(tuned, digest).write(file);
      TaskInfo info = TaskFile.describe(file);
      assertThat(info.name()).isEqualTo("flowers");
      assertThat(info.base()).isEqualTo("base");
      assertThat(info.baseSha256()).isEqualTo(digest.sha256()).matches("[0-9a-f]{64}");
      assertThat(info.config()).isEqualTo(tuned.network().config());
      assertThat(info.preprocessing()).isEqualTo(tuned.preprocessing());
      assertThat(info.labels()).isEqualTo(tuned.labels());
      assertThat(info.version()).isNotBlank();
    }
  }

  @Test
  void halfPrecisionHalvesTheFile() throws IOException {
    try (ViTModel tuned = Models.tuned(base, 7, Models.ATTENTION_ONLY, 1);
        SharedBackbone shared = SharedBackbone.of(base)) {
      TaskFile.write(tuned, base, file);
      long whole;
      long half;
      try (Checkpoint exact = SafeTensors.open(file)) {
        whole = exact.tensors().stream().mapToLong(TensorInfo::bytes).sum();
      }
      TaskFile.writer(tuned, BaseDigest.of(base)).floatsAs(TensorType.F16).write(file);
      try (Checkpoint rounded = SafeTensors.open(file)) {
        half = rounded.tensors().stream().mapToLong(TensorInfo::bytes).sum();
      }
      assertThat(half).isEqualTo(whole / 2);
      float[] exact = tuned.logits(Models.images(1))[0];
      float[] rounded = shared.task("flowers", file).logits(Models.images(1))[0];
      assertThat(rounded).isNotEqualTo(exact);
      assertThat(rounded).containsExactly(exact, org.assertj.core.api.Assertions.within(.01f));
      assertThat(shared.ownBytes("flowers")).isEqualTo(whole);
    }
  }

  @Test
  void anotherArchitectureIsRefused() throws IOException {
    Files.writeString(file, "what was there");
    try (ViTModel deeper = Models.base(Models.small().layerScale(.1))) {
      assertThatThrownBy(() -> TaskFile.write(deeper, base, file))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("layerScale is 0.1, the base's null")
          .hasMessageContaining("model of its own");
    }
    assertThat(file).hasContent("what was there");
  }

  @Test
  void aFileThatCannotBeWrittenWholeIsNotThere() throws IOException {
    Files.writeString(file, "what was there");
    try (ViTModel tuned = Models.tuned(base, 7, Models.ATTENTION_ONLY, 1)) {
      tuned.network().namedParameters().stream()
          .filter(p -> p.role() == Role.HEAD)
          .forEach(p -> p.array().addi(1e6f)); // more than float16 holds
      TaskWriter writer = TaskFile.writer(tuned, BaseDigest.of(base)).floatsAs(TensorType.F16);
      assertThatThrownBy(() -> writer.write(file)).isInstanceOf(BadInputException.class);
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(file);
    }
    assertThat(file).hasContent("what was there");
  }

  /** The number is that of src/test/python/base_digest.py. */
  @Test
  void theChecksumIsThatOfAnotherImplementation() {
    Path fixture =
        Path.of("..", "vit-zoo", "src/test/resources/fixtures/timm_plain", "weights.safetensors");
    try (ViTModel model =
        ViTModel.at(fixture).config(fixture.resolveSibling("config.json")).load()) {
      BaseDigest digest = BaseDigest.of(model);
      assertThat(digest.sha256())
          .isEqualTo("d8a88e0e11ee9f3839f8744a6472c4b72350f05a8d981ff7c9be115fb0c2931f");
      assertThat(digest.name()).isEqualTo("weights.safetensors");
    }
  }

  @Test
  void theChecksumIsThatOfTheWeightsNotOfTheFile() {
    try (ViTModel plain = Models.base(ViT.from(Models.small().config()).linearStem())) {
      String sha256 = BaseDigest.of(plain).sha256();
      for (NameConverter names :
          List.of(
              NameConverters.timm(),
              NameConverters.deitV2(),
              NameConverters.named("transformers_vit"))) {
        WeightSaver.save(plain.network(), file, Map.of(), names, TensorType.F32);
        try (Checkpoint saved = SafeTensors.open(file);
            NDManager manager = NDManager.newBaseManager("PyTorch")) {
          VisionTransformer read = SavedModel.load(saved, manager);
          assertThat(BaseDigest.of(read, "x").sha256()).as(names.family()).isEqualTo(sha256);
        }
      }
    }
  }
}
