package io.github.vit4j.finetune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.strategy.LoRA;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.model.LowRank;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that are low-rank branches beside the base's own attention. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class LowRankTaskTest {

  private static final List<RgbImage> IMAGES = Models.images(3);

  @TempDir Path folder;
  private ViTModel base;

  @BeforeEach
  void open() {
    base = Models.base(Models.small());
  }

  @AfterEach
  void close() {
    base.close();
  }

  /** A model as training with LoRA leaves it: branches and head have moved, nothing else. */
  private ViTModel tuned(int classes, long seed) {
    ViTModel tuned = Models.tuned(base, classes, p -> p.role() == Role.HEAD, seed);
    new LoRA(2, 3, Set.of(LowRank.Layer.values())).applyTo(tuned.network());
    Random random = new Random(seed);
    for (ViTParameter p : tuned.network().namedParameters()) {
      if (p.role() == Role.ADAPTER) {
        float[] values = new float[(int) p.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) (.3 * random.nextGaussian());
        }
        try (NDArray alias = p.array().stopGradient();
            NDArray drawn = p.array().getManager().create(values, p.shape())) {
          alias.muli(0).addi(drawn);
        }
      }
    }
    tuned.network().freezeParameters(true);
    return tuned;
  }

  private Path write(String name, int classes, long seed) {
    Path file = folder.resolve(name + ".task.safetensors");
    try (ViTModel tuned = tuned(classes, seed)) {
      TaskFile.write(tuned, base, file);
    }
    return file;
  }

  @Test
  void aTaskAnswersAsTheTunedModelDoesToTheBit() {
    Path file = write("flowers", 7, 1);
    try (ViTModel tuned = tuned(7, 1);
        SharedBackbone shared = SharedBackbone.of(base)) {
      shared.task("flowers", file);
      assertThat(shared.model("flowers").logits(IMAGES)).isDeepEqualTo(tuned.logits(IMAGES));
      assertThat(shared.model("flowers").logits(IMAGES)).isNotEqualTo(base.logits(IMAGES));
    }
  }

  @Test
  void branchesAndHeadAreAllThatATaskHolds() {
    Path file = write("flowers", 7, 1);
    assertThat(TaskFile.describe(file).lowRank())
        .contains(new LowRank.Spec(2, 1.5, Set.of(LowRank.Layer.QKV, LowRank.Layer.PROJ)));
    try (SharedBackbone shared = SharedBackbone.of(base)) {
      ViTModel task = shared.task("flowers", file);
      long own =
          task.network().namedParameters().stream()
              .filter(p -> p.role() == Role.ADAPTER || p.role() == Role.HEAD)
              .mapToLong(p -> Float.BYTES * p.size())
              .sum();
      assertThat(shared.ownBytes("flowers")).isEqualTo(own);
      assertThat(own).isLessThan(Float.BYTES * base.network().summary().parameters() / 5);
    }
  }

  @Test
  void mergingATaskLeavesTheBaseAndOtherTasksAlone() {
    float[][] before = base.logits(IMAGES);
    Path whole = folder.resolve("whole.safetensors");
    try (SharedBackbone shared = SharedBackbone.of(base)) {
      ViTModel one = shared.task("one", write("one", 7, 1));
      ViTModel two = shared.task("two", write("two", 7, 2));
      float[][] ones = one.logits(IMAGES);
      float[][] twos = two.logits(IMAGES);

      one.network().lowRank().merge();
      one.save(whole, TensorType.F32);

      assertThat(base.logits(IMAGES)).isDeepEqualTo(before);
      assertThat(two.logits(IMAGES)).isDeepEqualTo(twos);
      close(one.logits(IMAGES), ones);
      try (ViTModel plain = ViTModel.open(whole)) {
        close(plain.logits(IMAGES), ones);
      }
      one.network().lowRank().unmerge();
      assertThat(one.logits(IMAGES)).isDeepEqualTo(ones);
    }
    assertThat(base.logits(IMAGES)).isDeepEqualTo(before);
  }

  private static void close(float[][] actual, float[][] expected) {
    for (int i = 0; i < expected.length; i++) {
      for (int c = 0; c < expected[i].length; c++) {
        assertThat(actual[i][c]).isCloseTo(expected[i][c], within(1e-5f));
      }
    }
  }

  @Test
  void anUnmergedModelIsNotSavedAsAPlainOne() {
    Path file = folder.resolve("model.safetensors");
    try (ViTModel tuned = tuned(7, 1)) {
      assertThatThrownBy(() -> tuned.save(file, TensorType.F32))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("merge()");
    }
    assertThat(Files.exists(file)).isFalse();
  }
}
