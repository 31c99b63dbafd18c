package io.github.vit4j.finetune.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.ViT;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.zoo.ViTModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/pretraining.md, word for word. */
class PretrainingDocTest {

  private static final String SOURCE =
      "src/test/java/io/github/vit4j/finetune/pretrain/PretrainingDocTest.java";

  @TempDir Path folder;

  private void pretrain(ViTModel model, ImageDataset images) {
    // begin of docs/pretraining.md
    Codebook codebook =
        CodebookTrainer.of(images, model.preprocessing())
            .vectors(new PixelVectors(model.network().config().patchSize()))
            .size(512)
            .train();
    try (PreTrainResult run =
        PreTrainer.of(model)
            .data(images)
            .masking(new BlockwiseMasking(0.4, 1, 0, 0.3, BlockwiseMasking.Variant.CODE))
            .target(new CodebookTarget(codebook))
            .epochs(3)
            .onto(folder.resolve("pretrained"))
            .fit()) {
      run.save(folder.resolve("pretrained.safetensors"));
    }
    // end of docs/pretraining.md
  }

  @Test
  void runs() {
    try (ViTModel model = Small.model(ViT.builder().hmlpStem(2, 2).beit())) {
      pretrain(model, new Stripes(40));
    }
    try (ViTModel tuned = ViTModel.open(folder.resolve("pretrained.safetensors"))) {
      assertThat(tuned.network().config().classes()).isZero();
    }
  }

  @Test
  void theDocumentShowsThisCode() throws IOException {
    String source = Files.readString(Path.of(SOURCE));
    int begin = source.indexOf("// begin of docs/pretraining.md\n");
    int end = source.indexOf("    // end of docs/pretraining.md\n");
    String region =
        source
            .substring(source.indexOf('\n', begin) + 1, end)
            .lines()
            .map(line -> line.replaceFirst("^    ", ""))
            .collect(Collectors.joining("\n", "```java\n", "\n```\n"));
    assertThat(Files.readString(Path.of("../docs/pretraining.md"))).contains(region);
  }
}
