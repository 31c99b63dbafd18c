package io.github.vit4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From drawn images to a codebook, to a pre-trained model, to a fine-tuned one. */
class PretrainTest {

  private static final Object[] TINY = {
    "--image-size", 32, "--patch-size", 8, "--width", 24, "--depth", 2, "--heads", 2
  };

  @TempDir Path folder;

  private static Object[] with(Object[] some, Object... more) {
    Object[] all = new Object[some.length + more.length];
    System.arraycopy(more, 0, all, 0, more.length);
    System.arraycopy(some, 0, all, more.length, some.length);
    return all;
  }

  @Test
  void codebookPretrainFinetune() {
    Path codebook = folder.resolve("codebook.safetensors");
    Shell.Outcome made =
        Shell.run(
            "codebook",
            "shapes:24",
            "--out",
            codebook,
            "--size",
            32,
            "--patch-size",
            8,
            "--image-size",
            32);
    assertThat(made.err()).isEmpty();
    assertThat(made.out()).contains("32 entries of pixels of patches of 8");

    Path run = folder.resolve("run");
    Object[] command =
        with(
            TINY,
            "pretrain",
            "shapes:24",
            "--out",
            run,
            "--target",
            "codebook:" + codebook,
            "--hmlp-kernels",
            "2,2,2",
            "--epochs",
            2,
            "--batch",
            8,
            "--engine-threads",
            1);
    Shell.Outcome trained = Shell.run(command);
    assertThat(trained.code()).as(trained.err()).isZero();
    Path model = run.resolve("pretrained.safetensors");
    assertThat(trained.out()).contains("% of the hidden ones found", "model       " + model);
    assertThat(run.resolve("pictures/epoch-0002.png")).exists();
    assertThat(Shell.run(command).lines()).isEqualTo(trained.lines());

    Shell.Outcome tuned =
        Shell.run(
            "finetune",
            "shapes:24",
            "--model",
            model,
            "--epochs",
            1,
            "--batch",
            8,
            "--layer-decay",
            0.75,
            "--out",
            folder.resolve("tuned"));
    assertThat(tuned.code()).as(tuned.err()).isZero();
    assertThat(tuned.err()).contains("the model had no head");
  }

  @Test
  void whatMakesNoSenseIsSaid() {
    Path run = folder.resolve("run");
    assertThat(fails("--target", "words", "--out", run)).contains("there is no target 'words'");
    assertThat(fails("--mask-ratio", 1, "--out", run))
        .contains("a mask ratio of 1.0 is not possible");
    assertThat(fails("--mask-ratio", 0, "--masking", "random", "--out", run))
        .contains("a mask ratio of 0.0 is not possible");
    assertThat(fails("--masking", "spots", "--out", run)).contains("choose blockwise, paper");
    assertThat(fails("--min-block", 16, "--out", run)).contains("the smallest block has 16");
    assertThat(fails("--min-block", 2, "--masking", "random", "--out", run))
        .contains("--min-block means nothing with --masking random");
    assertThat(fails("--recipe", "deit-transfer", "--out", run)).contains("choose beit-pretrain");
    assertThat(fails("--feature-model", "x", "--out", run)).contains("means nothing without");
    assertThat(fails("--resolution", 64, "--out", run)).contains("without one, give --image-size");
    assertThat(fails("--target", "dalle:" + folder.resolve("none.pkl"), "--out", run))
        .contains("none.pkl");
    assertThat(run).doesNotExist();
    Object[] other = {"codebook", "shapes", "--resolution", 64, "--out", run + ".safetensors"};
    assertThat(Shell.run(other).err()).contains("without one, give --image-size");
    Shell.Outcome large =
        Shell.run("codebook", "shapes:1", "--out", folder.resolve("c.safetensors"), "--size", 1000);
    assertThat(large.code()).isEqualTo(2);
    assertThat(large.err()).contains("a codebook of 1000 entries cannot be made of 196 patches");
  }

  private static String fails(Object... options) {
    Shell.Outcome outcome = Shell.run(with(with(TINY, options), "pretrain", "shapes:4"));
    assertThat(outcome.code()).isEqualTo(2);
    return outcome.err();
  }
}
