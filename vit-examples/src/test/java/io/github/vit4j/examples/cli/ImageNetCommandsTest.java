package io.github.vit4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.examples.cli.Shell.Outcome;
import io.github.vit4j.finetune.data.ImageNet;
import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.names.WeightSaver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny model of a thousand classes on images that it takes for the classes they are filed in. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class ImageNetCommandsTest {

  private static final int IMAGES = 4;

  @TempDir Path folder;
  private Path model;
  private Path v2;

  @BeforeEach
  void make() throws IOException {
    model = Files.createDirectories(folder.resolve("model")).resolve("model.safetensors");
    VisionTransformer network =
        ViT.builder().imageSize(16).patchSize(8).width(16).depth(1).heads(2).classes(1000).build();
    try (NDManager manager = NDManager.newBaseManager()) {
      network.initialize(manager);
      WeightSaver.save(network, model);
    }
    v2 = folder.resolve("v2/imagenetv2-matched-frequency-format-val");
    try (ViTModel opened = ViTModel.open(model)) {
      for (int i = 0; i < IMAGES; i++) {
        Path image = Scene.draw(folder.resolve(i + ".png"), 80 * i, 255 - 60 * i);
        float[] logits = opened.logits(List.of(new ImageDecoder().decode(image)))[0];
        int best = 0;
        for (int k = 1; k < logits.length; k++) {
          best = logits[k] > logits[best] ? k : best;
        }
        copy(image, folder.resolve("val/" + ImageNet.classes().get(best) + "/" + i + ".JPEG"));
        copy(image, v2.resolve(best + "/" + i + ".jpeg"));
      }
    }
  }

  private static void copy(Path image, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    Files.copy(image, to);
  }

  @Test
  void classesAreFoundByTheirOrder() {
    Outcome outcome = Shell.run("imagenet", folder, "-m", model);
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.err())
        .contains("warning: ImageNet has 4 validation images here, but 50,000 were published")
        .contains("no WordNet ids; they are taken to be in the order of ImageNet's");
    assertThat(outcome.out())
        .contains("top-1  100.00 %  (4 of 4 images)", "paper   ViT-Ti 73.5 %, ViT-S 80.7 %");
    assertThat(Shell.run("imagenet-v2", folder.resolve("v2"), "-m", model).out())
        .contains("top-1  100.00 %", "ViT-S 69.3 %");
    assertThat(Shell.run("imagenet-v2", v2, "-m", model, "--limit", 2, "--json").out())
        .contains("\"top1Correct\": 2", "10,000 were published");
  }

  @Test
  void classesAreFoundByTheirIds() throws IOException {
    List<String> ids = new ArrayList<>(ImageNet.classes());
    Path labels = folder.resolve("model/labels.txt");
    Files.write(labels, ids);
    assertThat(Shell.run("imagenet", folder, "-m", model).out()).contains("top-1  100.00 %");
    Collections.rotate(ids, 500); // a head in another order
    Files.write(labels, ids);
    Outcome outcome = Shell.run("imagenet-v2", v2, "-m", model);
    assertThat(outcome.out()).contains("top-1    0.00 %");
    assertThat(outcome.err()).doesNotContain("taken to be");
  }

  @Test
  void whatDoesNotFitIsRefused() throws IOException {
    String strict = Shell.run("imagenet", folder, "-m", model, "--strict").err();
    assertThat(strict).contains("50,000").startsWith("vit: ImageNet has");
    assertThat(strict.strip().lines()).hasSize(1);
    Outcome embedded = Shell.run("imagenet-v2", v2);
    assertThat(embedded.code()).isEqualTo(2);
    assertThat(embedded.err()).contains("choose one of ImageNet with --model");
    Outcome variant = Shell.run("imagenet-v2", v2, "-m", model, "--variant", "best");
    assertThat(variant.err()).contains("no variant 'best'", "top-images");
    assertThat(Shell.run("imagenet", folder, "-m", model, "-n", 0).err()).contains("limit is 0");
    Path broken = Files.createDirectories(v2.resolve("7")).resolve("broken.jpeg");
    Files.writeString(broken, "not an image");
    Outcome outcome = Shell.run("imagenet-v2", v2, "-m", model);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err()).contains("broken.jpeg");
    assertThat(outcome.out()).contains("broken  1 image", "(4 of 4 images)");
  }
}
