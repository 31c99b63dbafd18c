package io.github.vit4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.examples.shapes.ShapeImages;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An experiment of one trial, on shapes as files. */
class StudyTest {

  @TempDir Path folder;
  private Path images;

  @BeforeEach
  void draw() throws IOException {
    images = folder.resolve("images");
    ImageDataset shapes = ShapeImages.splits(24, 32, 3).train();
    for (int i = 0; i < shapes.size(); i++) {
      Path file = images.resolve(shapes.classes().get(shapes.label(i))).resolve(i + ".png");
      Files.createDirectories(file.getParent());
      ImageIO.write(picture(shapes.image(i)), "png", file.toFile());
    }
  }

  private static BufferedImage picture(RgbImage image) {
    BufferedImage picture =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    byte[] rgb = image.pixels();
    for (int i = 0; i < rgb.length / 3; i++) {
      int color = (rgb[3 * i] & 255) << 16 | (rgb[3 * i + 1] & 255) << 8 | rgb[3 * i + 2] & 255;
      picture.setRGB(i % image.width(), i / image.width(), color);
    }
    return picture;
  }

  private Shell.Outcome study(Object... more) {
    Object[] command = {
      "study",
      "transfer",
      images,
      "--out",
      folder.resolve("study"),
      "--epochs",
      1,
      "--seeds",
      1,
      "--only",
      "head"
    };
    Object[] all = new Object[command.length + more.length];
    System.arraycopy(command, 0, all, 0, command.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return Shell.run(all);
  }

  @Test
  void aTrialRunsOnceAndTheTableHasIt() throws IOException {
    Shell.Outcome trial = study("--trial=head-seed0");
    assertThat(trial.err()).isEmpty();
    assertThat(trial.out()).contains("head-seed0 is done");
    assertThat(folder.resolve("study/head-seed0/outcome.json")).exists();

    Shell.Outcome rest = study();
    assertThat(rest.code()).isZero();
    assertThat(rest.out()).contains("head, seed 0:", "| head | 1 |");
    assertThat(Files.readString(folder.resolve("study/table.md"))).contains("| head | 1 |");
  }

  @Test
  void anOutcomeThatWasNotWrittenIsMadeOfTheRun() throws IOException {
    Path outcome = folder.resolve("study/head-seed0/outcome.json");
    study("--trial=head-seed0");
    Files.delete(outcome);
    Shell.Outcome again = study("--trial=head-seed0");
    assertThat(again.err()).isEmpty();
    assertThat(again.code()).isZero();
    assertThat(Files.readString(outcome)).contains("\"cpuSecondsPerEpoch\": 0.0");
  }

  @Test
  void tablesKeepWhatIsNotAskedFor() throws IOException {
    study("--trial=head-seed0");
    String head = Files.readString(folder.resolve("study/head-seed0/outcome.json"));
    Path full = Files.createDirectories(folder.resolve("study/full-seed0"));
    Files.writeString(full.resolve("outcome.json"), head.replace("\"head\"", "\"full\""));
    assertThat(study().out()).contains("head, seed 0:").doesNotContain("full, seed 0:");
    assertThat(Files.readString(folder.resolve("study/table.md")))
        .containsSubsequence("| full | 1 |", "| head | 1 |");
  }

  @Test
  void otherSettingsAreRefused() {
    study("--trial=head-seed0");
    assertThat(study().code()).isZero();
    Path study = folder.resolve("study");
    Shell.Outcome longer =
        Shell.run("study", "transfer", images, "--out", study, "--epochs", 2, "--rate", 1);
    assertThat(longer.code()).isEqualTo(2);
    assertThat(longer.err())
        .contains("holds a study with other settings: epochs was 1 and is 2; rate was 5.0E-4 and");
    Object[] other = {"study", "transfer", images.resolve("circle/.."), "--out", study};
    assertThat(Shell.run(other).err()).contains("epochs").doesNotContain("data was");
  }

  @Test
  void aModelThatIsNotThereIsSaidOnceByTheTrialAlone() {
    Shell.Outcome outcome = study("--model=no-such-model");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).isEmpty(); // the process of the trial has said it
    assertThat(study("--trial=head-seed0").code()).isZero();
    assertThat(study().code()).isEqualTo(2); // by now a trial has begun
  }

  @Test
  void whatMakesNoSenseIsSaid() throws IOException {
    assertThat(study("--seeds=0").code()).isEqualTo(2);
    Shell.Outcome variant =
        Shell.run("study", "transfer", images, "--out", folder.resolve("s"), "--only", "all");
    assertThat(variant.code()).isEqualTo(2);
    assertThat(variant.err()).contains("there is no variant 'all'; choose among [full, attention,");
    Path broken = Files.createDirectories(folder.resolve("study/head-seed0"));
    Files.writeString(broken.resolve("outcome.json"), "{");
    assertThat(study().err()).contains("outcome.json is broken");
    assertThat(Shell.run("study").err()).contains("an experiment is missing");
  }
}
