package io.github.vit4j.examples.cli;

import static io.github.vit4j.examples.cli.Shell.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.vit4j.examples.cli.Shell.Outcome;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TensorSource;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class ConvertTest {

  @TempDir Path folder;
  private Path model;
  private Path torch;

  @BeforeEach
  void write() throws IOException {
    model = Scene.in(folder).model().resolve("model.safetensors");
    torch = folder.resolve("deit.pth");
    try (InputStream file = getClass().getResourceAsStream("/deit.pth")) {
      Files.copy(Objects.requireNonNull(file), torch);
    }
  }

  private static void assertSame(Path one, Path other) {
    try (Checkpoint a = SafeTensors.open(one);
        Checkpoint b = SafeTensors.open(other)) {
      assertThat(a.tensors()).containsExactlyElementsOf(b.tensors());
      for (TensorInfo info : a.tensors()) {
        assertThat(a.bytes(info.name())).as(info.name()).isEqualTo(b.bytes(info.name()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"timm", "deit_v2", "beit", "flax"})
  void thereAndBackIsTheSameToTheBit(String family) {
    Path there = folder.resolve("there.safetensors");
    Path back = folder.resolve("back.safetensors");
    Outcome outcome = run("convert", model, there, "--to", family);
    if (family.equals("beit")) {
      assertThat(outcome.code()).as("no BEIT").isEqualTo(2); // it has no names for a token's place
      assertThat(there).doesNotExist();
      return;
    }
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(run("convert", there, back, "--to", "timm").code()).isZero();
    assertSame(model, back);
  }

  @Test
  void halvesStayHalvesUnderOtherNames() {
    Path half = folder.resolve("half.safetensors");
    Path flax = folder.resolve("flax.safetensors");
    Path back = folder.resolve("back.safetensors");
    assertThat(run("convert", model, half, "--as", "bf16").code()).isZero();
    assertThat(run("convert", half, flax, "--to", "flax").code()).isZero();
    assertThat(run("convert", flax, back, "--to", "timm").code()).isZero();
    assertSame(half, back);
    try (Checkpoint file = SafeTensors.open(flax)) {
      assertThat(file.tensors()).allMatch(t -> t.type() == TensorType.BF16);
    }
  }

  @Test
  void namesAndTypesStayAsTheyAre() {
    Path out = folder.resolve("out.safetensors");
    Outcome outcome = run("convert", torch, out);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).isEqualTo("3 tensors in " + out + System.lineSeparator());
    try (Checkpoint file = SafeTensors.open(out)) {
      assertThat(file.metadata()).containsEntry("epoch", "3").containsEntry("format", "pt");
      assertThat(file.longs("n")).containsExactly(7);
      assertThat(file.info("conv.weight").shape()).containsExactly(2L, 3L);
    }
    Path again = folder.resolve("again.safetensors");
    assertThat(run("convert", out, again).code()).isZero();
    assertThat(again).hasSameBinaryContentAs(out);
    assertThat(run("convert", torch, out, "--select", "model_ema", "--as", "f16").code()).isZero();
    try (Checkpoint file = SafeTensors.open(out)) {
      assertThat(file.longs("n")).containsExactly(14);
      assertThat(file.info("conv.weight").type()).isEqualTo(TensorType.F16);
    }
  }

  @Test
  void inspectShowsWhatIsThere() {
    Outcome shown = run("inspect", torch);
    assertThat(shown.err()).isEmpty();
    assertThat(shown.code()).isZero();
    assertThat(shown.out())
        .contains("conv.weight  F32      [2, 3]")
        .contains("3 tensors, 8 parameters, 40 bytes")
        .contains("of no family")
        .contains("selected: model")
        .contains("--select can be: model_ema, model")
        .contains("epoch: 3");
    assertThat(run("inspect", model).out()).contains("names: those of timm").contains("parameters");
    JsonObject json =
        JsonParser.parseString(run("inspect", torch, "--json").out()).getAsJsonObject();
    assertThat(json.get("selected").getAsString()).isEqualTo("model");
    assertThat(json.get("parameters").getAsLong()).isEqualTo(8);
    assertThat(json.getAsJsonArray("tensors")).hasSize(3);
    JsonObject folderOfOne =
        JsonParser.parseString(run("inspect", folder.resolve("my model"), "--json").out())
            .getAsJsonObject();
    assertThat(folderOfOne.get("family").getAsString()).isEqualTo("timm");
  }

  @Test
  void inspectLetsNothingThroughThatATerminalObeys() {
    Path file = folder.resolve("odd.safetensors");
    SafeTensors.write(
        file,
        Map.of("k\u001b[2J", "v\u0007"),
        List.of(TensorSource.of("a\u001b[31m", List.of(1L), new float[1])));
    assertThat(run("inspect", file).out()).doesNotContain("\u001b").doesNotContain("\u0007");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "inspect                                    | FILE",
        "inspect @/no.pth                           | does not exist",
        "inspect @/deit.pth --select teacher        | 'model_ema', 'model'",
        "inspect MODEL --select model               | is no PyTorch file",
        "convert @/deit.pth                         | OUT",
        "convert @/deit.pth @/x.pth                 | name it .safetensors",
        "convert @/deit.pth @/no/x.safetensors      | does not exist",
        "convert MODEL MODEL                        | is the input",
        "convert @/deit.pth @/x.safetensors --to timm      | does not say which architecture",
        "convert MODEL @/x.safetensors --to caffe          | 'caffe'; known are timm",
        "convert MODEL @/x.safetensors --as f64            | --as",
        "convert MODEL @/x.safetensors --config @/c.json   | --config means nothing without --to",
        "convert MODEL @/x.safetensors --to timm --config @/c.json | c.json",
      })
  void badInputIsNamedInOneLine(String line, String words) {
    Object[] arguments =
        List.of(line.split(" +")).stream()
            .map(w -> w.replace("@", folder.toString()).replace("MODEL", model.toString()))
            .toArray();
    Outcome outcome = run(arguments);
    assertThat(outcome.err()).startsWith("vit: ").contains(words);
    assertThat(outcome.err().strip().lines()).hasSize(1);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(folder.resolve("x.safetensors")).doesNotExist();
  }
}
