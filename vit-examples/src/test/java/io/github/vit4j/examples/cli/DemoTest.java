package io.github.vit4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a newcomer runs first. */
class DemoTest {

  @TempDir Path folder;

  @Test
  void classifiesAndLearns() {
    Path out = folder.resolve("demo");
    Object[] command = {"demo", "--images", 24, "--epochs", 2, "--out", out};
    Shell.Outcome first = Shell.run(command);
    assertThat(first.code()).isZero();
    assertThat(first.out()).contains("airplane-1", "24 drawn shapes", "epoch  1", "epoch  2");
    assertThat(out.resolve("best.safetensors")).exists();
    assertThat(out.resolve("task.safetensors")).exists();

    Shell.Outcome again = Shell.run(command);
    assertThat(again.code()).isZero();
    assertThat(again.out())
        .contains("An earlier start has taught it 24", "epoch  1", "epoch  2")
        .contains("Delete " + out + " to see it learn");

    Shell.Outcome other = Shell.run("demo", "--images", 30, "--epochs", 2, "--out", out);
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.out()).contains("Delete " + out + " to begin anew");
    assertThat(Shell.run("demo", "--images", 0, "--out", out, "--debug").err())
        .contains("\tat io.github.vit4j");
  }
}
