package io.github.vit4j.finetune.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDArray;
import io.github.vit4j.ViT;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.optim.Managed;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class SharedBackboneTest {

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

  private Path write(ViTModel tuned, String name) {
    Path file = folder.resolve(name + ".task.safetensors");
    TaskFile.write(tuned, base, file);
    return file;
  }

  private Path attentionOnly(String name, int classes, long seed) {
    try (ViTModel tuned = Models.tuned(base, classes, Models.ATTENTION_ONLY, seed)) {
      return write(tuned, name);
    }
  }

  @Test
  void aTaskAnswersAsTheTunedModelDoesToTheBit() {
    Path whole = folder.resolve("whole.safetensors");
    try (ViTModel tuned = Models.tuned(base, 7, Models.ATTENTION_ONLY, 1);
        SharedBackbone shared = SharedBackbone.of(base)) {
      shared.task("flowers", write(tuned, "flowers"));
      tuned.save(whole, TensorType.F32);
      try (ViTModel copy = ViTModel.open(whole)) {
        assertThat(shared.model("flowers").logits(IMAGES)).isDeepEqualTo(copy.logits(IMAGES));
      }
      assertThat(shared.model("flowers").logits(IMAGES)).isDeepEqualTo(tuned.logits(IMAGES));
      assertThat(shared.embed("flowers", IMAGES)).isDeepEqualTo(tuned.embed(IMAGES));
      assertThat(shared.model("flowers").labels()).isEqualTo(tuned.labels());
      assertThat(shared.classify("flowers", IMAGES.get(0)).getProbabilities())
          .isEqualTo(tuned.classify(IMAGES.get(0)).getProbabilities());
    }
  }

  @Test
  void mappedWeightsOfAWiderModelAnswerToTheBitToo() {
    Path whole = folder.resolve("whole.safetensors");
    Path file = folder.resolve("base.safetensors");
    base.close();
    try (ViTModel made = Models.base(ViT.from(Models.small().config()).width(192).heads(3))) {
      made.save(file, TensorType.F32);
    }
    base = ViTModel.open(file);
    try (ViTModel tuned = Models.tuned(base, 7, Models.ATTENTION_ONLY, 1);
        SharedBackbone shared = SharedBackbone.of(base)) {
      tuned.save(whole, TensorType.F32);
      ViTModel task = shared.task("flowers", write(tuned, "flowers"));
      try (ViTModel copy = ViTModel.open(whole)) {
        assertThat(task.logits(IMAGES)).isDeepEqualTo(copy.logits(IMAGES));
      }
    }
  }

  @Test
  void aTaskOwnsItsOwnWeightsAndNothingElse() {
    long own =
        base.network().namedParameters().stream()
            .filter(Models.ATTENTION_ONLY)
            .mapToLong(p -> Float.BYTES * p.size())
            .sum();
    try (SharedBackbone shared = SharedBackbone.of(base)) {
      shared.task("a", attentionOnly("a", 5, 1));
      ViTModel task = shared.task("b", attentionOnly("b", 5, 2));

      assertThat(shared.ownBytes("b")).isEqualTo(own);
      for (ViTParameter p : task.network().namedParameters()) {
        boolean same = sharesMemory(p.array(), inBase(p).array());
        assertThat(same).as(p.path()).isEqualTo(!Models.ATTENTION_ONLY.test(p));
      }
      List<NDArray> held =
          task.djlModel().getNDManager().getManagedArrays().stream()
              .filter(array -> array.getManager() == task.djlModel().getNDManager())
              .toList();
      assertThat(held)
          .hasSize(
              (int)
                  base.network().namedParameters().stream().filter(Models.ATTENTION_ONLY).count());
    }
  }

  /** Whether a bit that is turned in one array turns in the other. */
  private static boolean sharesMemory(NDArray one, NDArray other) {
    ByteBuffer ours = one.toByteBuffer(true);
    ByteBuffer theirs = other.toByteBuffer(true);
    byte before = theirs.get(0);
    ours.put(0, (byte) (ours.get(0) ^ 1));
    boolean turned = theirs.get(0) != before;
    ours.put(0, (byte) (ours.get(0) ^ 1));
    return turned;
  }

  private ViTParameter inBase(ViTParameter p) {
    return base.network().namedParameters().stream()
        .filter(q -> q.path().equals(p.path()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aTaskAtAnotherImageSizeSharesAllButItsPositions() {
    var config = base.network().config().withImageSize(48, 64);
    try (ViTModel tuned = Models.tuned(base, config, p -> false, 1);
        SharedBackbone shared = SharedBackbone.of(base)) {
      ViTModel task = shared.task("wide", write(tuned, "wide"));
      assertThat(task.logits(IMAGES)).isDeepEqualTo(tuned.logits(IMAGES));
      assertThat(shared.ownBytes("wide")).isEqualTo(4L * (1 + 3 * 4) * 32);
      assertThat(task.preprocessing().width()).isEqualTo(64);
    }
  }

  @Test
  void closingClearingAndFreezingATaskLeavesBaseAndOthersAlone() {
    float[][] before = base.logits(IMAGES);
    try (SharedBackbone shared = SharedBackbone.of(base)) {
      ViTModel a = shared.task("a", attentionOnly("a", 4, 1));
      ViTModel b = shared.task("b", attentionOnly("b", 4, 2));
      ViTModel c = shared.task("c", attentionOnly("c", 4, 3));
      float[][] of = c.logits(IMAGES);

      shared.remove("a");
      b.network().freezeParameters(false);
      assertThat(base.network().trainable()).isEmpty();
      b.network().clear();
      b.close();

      assertThat(base.logits(IMAGES)).isDeepEqualTo(before);
      assertThat(c.logits(IMAGES)).isDeepEqualTo(of);
      assertThat(shared.tasks()).containsExactly("b", "c");
      assertThatThrownBy(() -> shared.classify("a", IMAGES))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("no task 'a'; there are [b, c]");
      assertThatIllegalStateException().isThrownBy(() -> a.logits(IMAGES));
    }
    assertThat(base.logits(IMAGES)).isDeepEqualTo(before);
  }

  @Test
  void whatIsClosedLeavesNothingWithTheBase() {
    int before = Managed.by(base.djlModel().getNDManager());
    for (int i = 0; i < 3; i++) {
      try (SharedBackbone shared = SharedBackbone.of(base)) {
        shared.task("a", attentionOnly("a", 4, i));
      }
      assertThat(Managed.by(base.djlModel().getNDManager())).isEqualTo(before);
    }
  }

  @Test
  void aClosedBaseClosesItsTasks() {
    SharedBackbone shared = SharedBackbone.of(base);
    ViTModel task = shared.task("a", attentionOnly("a", 4, 1));
    base.close();
    assertThat(task.djlModel().getNDManager().isOpen()).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> shared.classify("a", IMAGES));
    shared.close();
  }

  @Test
  void theBaseIsClosedWithItsOwner() {
    SharedBackbone.owning(base).close();
    assertThat(base.djlModel().getNDManager().isOpen()).isFalse();
  }

  @Test
  void anotherBaseIsRefusedByName() {
    Path file = attentionOnly("flowers", 4, 1);
    try (ViTModel other = Models.base(Models.small().layerScale(.1));
        ViTModel changed = Models.tuned(base, 5, p -> p.path().equals("norm.bias"), 1);
        SharedBackbone one = SharedBackbone.of(other);
        SharedBackbone two = SharedBackbone.of(changed)) {
      for (SharedBackbone shared : List.of(one, two)) {
        int before = Managed.by(shared.base().djlModel().getNDManager());
        assertThatThrownBy(() -> shared.task("flowers", file))
            .isInstanceOf(BadInputException.class)
            .hasMessageContaining("flowers.task.safetensors was tuned from 'base' (SHA-256 '")
            .hasMessageContaining(BaseDigest.of(base).sha256())
            .hasMessageContaining(BaseDigest.of(shared.base()).sha256())
            .hasMessageContaining("open the model that it was tuned from");
        assertThat(shared.tasks()).isEmpty();
        assertThat(Managed.by(shared.base().djlModel().getNDManager())).isEqualTo(before);
      }
    }
  }

  @Test
  void aNameIsGivenOnce() {
    Path file = attentionOnly("a", 4, 1);
    try (SharedBackbone shared = SharedBackbone.of(base)) {
      ViTModel task = shared.task("a", file);
      assertThatThrownBy(() -> shared.task("a", file))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("a task 'a' already");
      assertThat(shared.model("a")).isSameAs(task);
    }
  }

  @Test
  void predictorsKeepNothing() throws Exception {
    BufferedImage picture = new BufferedImage(40, 36, BufferedImage.TYPE_INT_RGB);
    Image image = ImageFactory.getInstance().fromImage(picture);
    try (SharedBackbone shared = SharedBackbone.of(base)) {
      ViTModel task = shared.task("a", attentionOnly("a", 4, 1));
      try (Predictor<Image, Classifications> predictor = shared.newPredictor("a")) {
        Classifications first = predictor.predict(image);
        int ofBase = Managed.by(base.djlModel().getNDManager());
        int ofTask = Managed.by(task.djlModel().getNDManager());
        for (int i = 0; i < 50; i++) {
          assertThat(predictor.predict(image).getProbabilities())
              .isEqualTo(first.getProbabilities());
          shared.classify("a", IMAGES);
        }
        assertThat(Managed.by(base.djlModel().getNDManager())).isEqualTo(ofBase);
        assertThat(Managed.by(task.djlModel().getNDManager())).isEqualTo(ofTask);
      }
    }
  }

  @Test
  void manyThreadsUseManyTasks() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (SharedBackbone shared = SharedBackbone.of(base)) {
      List<float[][]> expected = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        expected.add(shared.task("t" + i, attentionOnly("t" + i, 4, i)).logits(IMAGES));
      }
      Path late = attentionOnly("late", 4, 9);
      List<Future<float[][]>> answers = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        String name = "t" + i % 3;
        answers.add(threads.submit(() -> shared.model(name).logits(IMAGES)));
      }
      shared.task("late", late);
      shared.remove("late");
      for (int i = 0; i < answers.size(); i++) {
        assertThat(answers.get(i).get()).isDeepEqualTo(expected.get(i % 3));
      }
    } finally {
      threads.shutdownNow();
    }
  }
}
