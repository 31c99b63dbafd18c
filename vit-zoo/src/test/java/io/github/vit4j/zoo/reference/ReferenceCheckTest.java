package io.github.vit4j.zoo.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every model case of the references, as data: outputs, blocks, gradients, other image sizes. */
class ReferenceCheckTest {

  private static final Path CASES = Path.of("src/test/resources/fixtures");

  private static final Path TRANSFORMERS = Path.of("src/test/resources/fixtures_hf");

  private static final Path AUTHORS = Path.of("src/test/resources/fixtures_authors");

  static List<Path> cases() throws IOException {
    return inside(CASES);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsTheReference(Path folder) {
    ReferenceReport report = ReferenceCheck.of(folder);
    assertThat(report.rows().stream().filter(row -> !row.holds())).isEmpty();
    assertThat(report.rows()).extracting(ReferenceReport.Row::name).contains("logits", "block.0");
  }

  static List<Path> transformersCases() throws IOException {
    return inside(TRANSFORMERS);
  }

  static List<Path> authorsCases() throws IOException {
    return inside(AUTHORS);
  }

  private static List<Path> inside(Path folder) throws IOException {
    try (Stream<Path> folders = Files.list(folder)) {
      return folders.filter(f -> Files.exists(f.resolve("config.json"))).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("authorsCases")
  void equalsTheAuthorsCode(Path folder) {
    ReferenceReport report = ReferenceCheck.of(folder);
    assertThat(report.rows().stream().filter(row -> !row.holds())).isEmpty();
    assertThat(report.rows()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("transformersCases")
  void equalsTransformers(Path folder) {
    ReferenceReport report = ReferenceCheck.of(folder);
    assertThat(report.rows().stream().filter(row -> !row.holds())).isEmpty();
    assertThat(report.rows())
        .extracting(ReferenceReport.Row::name)
        .contains("embeddings", "block.0", "block.1", "last_hidden_state")
        .containsAnyOf("logits", "pooler_output");
  }

  @Test
  void everyCaseIsThere() throws IOException {
    assertThat(cases()).hasSize(25);
    assertThat(transformersCases()).hasSize(15);
    assertThat(authorsCases()).hasSize(12);
    long withGradients =
        cases().stream()
            .map(ReferenceCheck::of)
            .filter(report -> report.rows().stream().anyMatch(r -> r.name().startsWith("grad.")))
            .count();
    assertThat(withGradients).isEqualTo(6);
  }

  @Test
  void attentionOnlyMovesWhatThePaperMoves() {
    ReferenceReport report = ReferenceCheck.of(CASES.resolve("timm_parallel2"));
    List<String> moved =
        report.rows().stream()
            .map(ReferenceReport.Row::name)
            .filter(name -> name.startsWith("attention-only grad."))
            .toList();
    // 2 blocks x 2 branches x 4 tensors, the head's two, the position embedding
    assertThat(moved).hasSize(19).anyMatch(name -> name.contains("attns.1.attn.qkv"));
  }

  @Test
  void aWrongNumberShows(@TempDir Path temp) throws IOException {
    Path folder = CASES.resolve("timm_plain");
    for (String file : List.of("weights.safetensors", "io.safetensors")) {
      Files.copy(folder.resolve(file), temp.resolve(file));
    }
    String config = Files.readString(folder.resolve("config.json"));
    Files.writeString(
        temp.resolve("config.json"), config.replaceFirst("\\{", "{\"norm_eps\": 0.01,"));
    assertThat(ReferenceCheck.of(temp).holds()).isFalse();
  }

  @Test
  void aMissingFolderIsNamed(@TempDir Path temp) {
    assertThatThrownBy(() -> ReferenceCheck.of(temp.resolve("none")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("none is not a folder");
  }
}
