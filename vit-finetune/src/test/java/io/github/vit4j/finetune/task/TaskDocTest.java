package io.github.vit4j.finetune.task;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import io.github.vit4j.zoo.ViTModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code of docs/tasks.md compiles, because it stands here word for word; other tests run it. */
class TaskDocTest {

  private static final Pattern FENCE = Pattern.compile("(?s)```java\n(.*?)```");
  private static final Path SOURCE =
      Path.of("src/test/java", TaskDocTest.class.getName().replace('.', '/') + ".java");

  @Test
  void thePageShowsThisCode() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "tasks.md"));
    String source = unindented(Files.readString(SOURCE));
    List<String> code = FENCE.matcher(page).results().map(fence -> fence.group(1)).toList();
    assertThat(code).hasSize(2);
    for (String block : code) {
      assertThat(source).contains(unindented(block));
    }
  }

  private static String unindented(String code) {
    return code.replaceAll("(?m)^ +", "");
  }

  static void share(ViTModel tuned, ViTModel base) {
    TaskFile.write(tuned, base, Path.of("flowers.task.safetensors")); // what differs

    try (SharedBackbone shared = SharedBackbone.of(base)) {
      shared.task("flowers", Path.of("flowers.task.safetensors"));
      shared.task("cars", Path.of("cars.task.safetensors"));
      Classifications top = shared.classify("cars", Path.of("car.jpg")); // or an RgbImage, or many
      float[] embedding = shared.embed("flowers", Path.of("rose.jpg"));
      Predictor<Image, Classifications> predictor = shared.newPredictor("flowers"); // DJL's
      ViTModel flowers = shared.model("flowers"); // for all that takes a model, such as Evaluator
    }
  }

  static void trainedInPlace(ViTModel vit) {
    BaseDigest base = BaseDigest.of(vit);
    train(vit);
    TaskFile.writer(vit, base).name("flowers").write(Path.of("flowers.task.safetensors"));
  }

  private static void train(ViTModel vit) {
    vit.network().freezeParameters(false);
  }
}
