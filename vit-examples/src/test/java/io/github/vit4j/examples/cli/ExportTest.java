package io.github.vit4j.examples.cli;

import static io.github.vit4j.examples.cli.Shell.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.examples.cli.Shell.Outcome;
import io.github.vit4j.examples.command.Exit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets the field
class ExportTest {

  @TempDir Path folder;

  @Test
  void aModelIsWrittenWithItsClasses() throws IOException {
    Path out = folder.resolve("model.onnx");
    Outcome outcome = run("export", Scene.in(folder).model(), "--to", "onnx", "--out", out);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out()).contains("opset 20", "bytes");
    assertThat(Files.readString(out, StandardCharsets.ISO_8859_1))
        .contains("vit4j.labels", "green", "blocks.0.attn.qkv.weight");
  }

  @Test
  void whatCannotBeWrittenIsSaid() throws IOException {
    Outcome suffix = run("export", "--to", "onnx", "--out", folder.resolve("model.bin"));
    assertThat(suffix.code()).isEqualTo(Exit.BAD_INPUT);
    assertThat(suffix.err()).contains("name it .onnx");
    Outcome nowhere = run("export", "--to", "onnx", "--out", folder.resolve("no/model.onnx"));
    assertThat(nowhere.code()).isEqualTo(Exit.BAD_INPUT);
    assertThat(nowhere.err()).contains("does not exist");
    Outcome twice = run("export", "a", "-m", "b", "--to", "onnx", "-o", folder.resolve("m.onnx"));
    assertThat(twice.err()).contains("named twice");
    assertThat(run("export", "--to", "tea", "-o", "m.onnx").code()).isEqualTo(Exit.BAD_INPUT);
    try (var left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }
}
