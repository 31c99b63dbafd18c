package io.github.vit4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.examples.command.StrategyOption;
import io.github.vit4j.finetune.strategy.LastBlocks;
import io.github.vit4j.finetune.strategy.LinearProbe;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains by the command line, and goes on. */
class FinetuneTest {

  @TempDir Path folder;

  @Test
  void aProbeOnDrawnShapes() {
    Path run = folder.resolve("run");
    Object[] command = {
      "finetune",
      "shapes:48",
      "--strategy",
      "probe",
      "--epochs",
      2,
      "--batch",
      16,
      "--engine-threads",
      1,
      "--out",
      run
    };
    Shell.Outcome first = Shell.run(command);
    assertThat(first.err()).contains("a new head is trained");
    assertThat(first.code()).isZero();
    assertThat(first.out())
        .contains("top-1", "s an epoch", "model       " + run.resolve("best.safetensors"));
    Shell.Outcome again = Shell.run(command);
    assertThat(again.lines().subList(0, 4)).isEqualTo(first.lines().subList(0, 4));

    Shell.Outcome other =
        Shell.run("finetune", "shapes:48", "--strategy", "full", "--out", run, "--epochs", 2);
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("holds a run with other settings");
  }

  @Test
  void aPublishedDataSetIsKnownByItsFiles() throws IOException {
    Path data = Published.layout("cifar-10", folder.resolve("data"));
    Object[] options = {"finetune", data, "--strategy", "probe", "--epochs", 1, "--batch", 4};
    List<Object> command = new ArrayList<>(List.of(options));
    command.addAll(List.of("--engine-threads", 1, "--out", folder.resolve("run")));
    Shell.Outcome outcome = Shell.run(command.toArray());
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }

  private static Shell.Outcome infinite(Path out, Object... more) {
    List<Object> command =
        new ArrayList<>(List.of("finetune", "shapes:48", "--strategy", "probe", "--batch", 16));
    command.addAll(List.of("--engine-threads", 1, "--infinite", "--out", out));
    command.addAll(List.of("--optimizer", "adafactor", "--bf16-momentum"));
    command.addAll(List.of("--weight-decay", "0.03,3"));
    command.addAll(List.of(more));
    return Shell.run(command.toArray());
  }

  @Test
  void withoutEndAndCooledDown() {
    Path run = folder.resolve("run");
    assertThat(infinite(run, "--epochs", 1, "--keep-every", 1).code()).isZero();
    assertThat(infinite(run, "--epochs", 2).code()).isZero();
    Path cooled = folder.resolve("cooled");
    Path kept = run.resolve("kept-epoch-000001.safetensors");
    Shell.Outcome outcome = infinite(cooled, "--cool-down-from", kept, "--cool-down-epochs", 1);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("best epoch  2 of 2");

    assertThat(infinite(cooled, "--cool-down-from", kept).err()).contains("belong together");
    assertThat(infinite(cooled, "--weight-decay", "1,2,3").err()).contains("--weight-decay");
  }

  @Test
  void whatMakesNoSenseIsSaid() {
    Shell.Outcome strategy =
        Shell.run("finetune", "shapes:9", "--strategy", "some", "--out", folder.resolve("x"));
    assertThat(strategy.code()).isEqualTo(2);
    assertThat(strategy.err()).contains("there is no strategy 'some'; choose one of full");
    assertThat(Shell.run("finetune", "shapes:many", "--out", folder.resolve("x")).err())
        .contains("write shapes:600");
    assertThat(Shell.run("finetune", "shapes:9").err()).contains("--out");
  }

  @Test
  void strategiesHaveWords() {
    assertThat(StrategyOption.parse("probe")).isEqualTo(new LinearProbe());
    assertThat(StrategyOption.parse("last:2")).isEqualTo(new LastBlocks(2));
  }
}
