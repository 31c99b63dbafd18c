package io.github.vit4j.finetune.docs;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.ViT;
import io.github.vit4j.finetune.loss.ClassificationLoss;
import io.github.vit4j.finetune.loss.CrossEntropy;
import io.github.vit4j.finetune.optim.AdamW;
import io.github.vit4j.finetune.optim.Ema;
import io.github.vit4j.finetune.optim.Optimizer;
import io.github.vit4j.finetune.optim.ParameterGroups;
import io.github.vit4j.finetune.optim.StepReport;
import io.github.vit4j.finetune.optim.TrainingStep;
import io.github.vit4j.finetune.schedule.Cosine;
import io.github.vit4j.finetune.schedule.Schedule;
import io.github.vit4j.finetune.strategy.FineTuneStrategy;
import io.github.vit4j.finetune.strategy.FreezeAllButAttention;
import io.github.vit4j.model.VisionTransformer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The loop of docs/custom-loop.md, word for word, on a toy problem. */
class CustomLoopTest {

  /**
   * A batch.
   *
   * @param images (B, 3, H, W)
   * @param labels (B)
   */
  private record Batch(NDArray images, NDArray labels) {}

  private static final String SOURCE =
      "src/test/java/io/github/vit4j/finetune/docs/CustomLoopTest.java";

  @SuppressWarnings("try") // the swap has nothing to be called for but its end
  private static void train(NDManager manager, VisionTransformer vit, List<Batch> loader) {
    int epochs = 8;
    // begin of docs/custom-loop.md
    FineTuneStrategy strategy = new FreezeAllButAttention();
    strategy.applyTo(vit);
    ParameterGroups groups =
        ParameterGroups.of(vit.trainable()).weightDecay(0.05).layerDecay(vit, 0.75);
    Schedule schedule = Cosine.of(1e-2, (long) epochs * loader.size()).warmUp(5).min(1e-5);
    ClassificationLoss criterion = new CrossEntropy(0.1); // label smoothing
    long i = 0;
    try (Optimizer adamw = AdamW.builder().groups(groups).clipNorm(1).build();
        Ema ema = Ema.of(vit, 0.9)) {
      for (int epoch = 0; epoch < epochs; epoch++) {
        for (Batch batch : loader) {
          try (TrainingStep step = TrainingStep.begin(manager)) {
            NDArray logits = step.forward(vit, batch.images()); // (B, classes)
            NDArray loss = criterion.between(logits, batch.labels());
            step.backward(loss);
            StepReport report = adamw.step(schedule.at(i++));
            if (report.taken()) {
              ema.update();
            } else {
              System.err.printf("step %d: gradient norm %s%n", i, report.gradientNorm());
            }
          }
        }
        try (Ema.Swap averaged = ema.swapIn()) {
          System.out.printf("epoch %d: %.1f %% right%n", epoch, accuracy(vit, loader));
        }
      }
    }
    // end of docs/custom-loop.md
  }

  private static double accuracy(VisionTransformer vit, List<Batch> loader) {
    int right = 0;
    int all = 0;
    for (Batch batch : loader) {
      try (var out = vit.observe(batch.images());
          NDArray best = out.logits().argMax(1);
          NDArray hits = best.eq(batch.labels());
          NDArray count = hits.sum()) {
        right += Math.toIntExact(count.getLong());
        all += Math.toIntExact(best.size());
      }
    }
    return 100.0 * right / all;
  }

  @Test
  void learns() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      VisionTransformer vit =
          ViT.builder().imageSize(16).patchSize(8).width(16).depth(2).heads(2).classes(3).build();
      vit.initialize(manager);
      NDArray labels = manager.create(new long[] {0, 1, 2, 0, 1, 2});
      NDArray images =
          labels
              .toType(ai.djl.ndarray.types.DataType.FLOAT32, true)
              .reshape(6, 1, 1, 1)
              .sub(1)
              .broadcast(new Shape(6, 3, 16, 16))
              .duplicate();
      List<Batch> loader = List.of(new Batch(images, labels), new Batch(images, labels));

      train(manager, vit, loader);

      assertThat(accuracy(vit, loader)).isEqualTo(100);
    }
  }

  @Test
  void theDocumentShowsThisCode() throws IOException {
    String source = Files.readString(Path.of(SOURCE));
    int begin = source.indexOf("// begin of docs/custom-loop.md\n");
    int end = source.indexOf("    // end of docs/custom-loop.md\n");
    String region =
        source
            .substring(source.indexOf('\n', begin) + 1, end)
            .lines()
            .map(line -> line.replaceFirst("^    ", ""))
            .collect(Collectors.joining("\n", "```java\n", "\n```\n"));

    assertThat(Files.readString(Path.of("../docs/custom-loop.md"))).contains(region);
  }
}
