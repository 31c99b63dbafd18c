package io.github.vit4j.finetune.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Values and gradients as torch computes them in float64, with a garbage collection in between. */
class LossTest {

  private static final Shape LOGITS = new Shape(3, 5);

  private NDManager manager;
  private JsonObject numbers;

  @BeforeEach
  void open() throws IOException {
    manager = NDManager.newBaseManager("PyTorch");
    try (Reader reader =
        new InputStreamReader(
            Objects.requireNonNull(LossTest.class.getResourceAsStream("/losses.json")),
            StandardCharsets.UTF_8)) {
      numbers = JsonParser.parseReader(reader).getAsJsonObject();
    }
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private float[] floats(String name) {
    return new Gson().fromJson(numbers.get(name), float[].class);
  }

  private NDArray logits(String name) {
    return manager.create(floats(name), LOGITS);
  }

  private NDArray labels() {
    return manager.create(new Gson().fromJson(numbers.get("labels"), long[].class));
  }

  /** The loss of each case, from logits whose gradient is asked for. */
  private NDArray loss(String name, NDList heads) {
    NDArray x = heads.get(0);
    CrossEntropy plain = new CrossEntropy(0);
    CrossEntropy smooth = new CrossEntropy(.1);
    // what the caller gives may be freed at once
    try (NDArray labels = labels();
        NDArray soft = logits("soft");
        NDArray teacher = logits("teacher")) {
      return switch (name) {
        case "ce" -> CrossEntropy.of(x, labels);
        case "ce_smooth" -> smooth.between(x, labels);
        case "ce_soft" -> smooth.between(x, soft);
        case "bce" -> BinaryCrossEntropy.of(x, labels);
        case "bce_smooth" -> new BinaryCrossEntropy(.1, null).between(x, labels);
        case "bce_soft" -> new BinaryCrossEntropy(.1, null).between(x, soft);
        case "bce_threshold" -> new BinaryCrossEntropy(0, .22).between(x, soft);
        case "distil_soft" -> new SoftDistillation(plain, .1, 3).between(heads, labels, teacher);
        case "distil_soft_one_head" ->
            new SoftDistillation(plain, .1, 3).between(new NDList(x), labels, teacher);
        case "distil_hard" -> new HardDistillation(smooth, .5).between(heads, labels, teacher);
        default -> throw new AssertionError(name);
      };
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ce",
        "ce_smooth",
        "ce_soft",
        "bce",
        "bce_smooth",
        "bce_soft",
        "bce_threshold",
        "distil_soft",
        "distil_soft_one_head",
        "distil_hard"
      })
  void equalsTorch(String name) throws InterruptedException {
    JsonObject expected = numbers.getAsJsonObject(name);
    NDList heads = new NDList(logits("logits"), logits("distilled"));
    heads.forEach(head -> head.setRequiresGradient(true));
    List<ByteBuffer> garbage;
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray loss = loss(name, heads);
      garbage = reuseFreedMemory();
      collector.backward(loss);
      assertThat(loss.getShape()).isEqualTo(new Shape());
      assertThat(loss.getFloat()).isEqualTo(expected.get("loss").getAsFloat(), within(2e-6f));
    }
    JsonArray gradients = expected.getAsJsonArray("gradients");
    for (int i = 0; i < gradients.size(); i++) {
      assertThat(heads.get(i).getGradient().toFloatArray())
          .containsExactly(new Gson().fromJson(gradients.get(i), float[].class), within(1e-7f));
    }
    assertThat(garbage).isNotEmpty();
  }

  /** Frees what is unreachable and fills memory of all small sizes with large numbers. */
  private static List<ByteBuffer> reuseFreedMemory() throws InterruptedException {
    System.gc();
    Thread.sleep(20); // buffers are freed by a thread of their own
    List<ByteBuffer> garbage = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(4 << (i % 8));
      while (buffer.remaining() >= Float.BYTES) {
        buffer.putInt(0x6f6f6f6f); // 7e28, whatever the byte order
      }
      garbage.add(buffer);
    }
    return garbage;
  }

  @Test
  void labelsOfAnyIntegerTypeAreTaken() {
    NDArray x = logits("logits");
    float expected = CrossEntropy.of(x, labels()).getFloat();

    assertThat(CrossEntropy.of(x, manager.create(new int[] {2, 0, 4})).getFloat())
        .isEqualTo(expected);
    assertThat(CrossEntropy.of(x, manager.create(new byte[] {2, 0, 4})).getFloat())
        .isEqualTo(expected);
  }

  @Test
  void targetsThatDoNotFitAreRefused() {
    NDArray x = logits("logits");
    assertThatThrownBy(() -> CrossEntropy.of(x, manager.create(new long[] {0, 5, 1})))
        .isInstanceOf(BadInputException.class)
        .hasMessage("label 5 is none of the 5 classes; labels count from 0");
    assertThatThrownBy(() -> CrossEntropy.of(x, manager.create(new long[] {0, -1, 1})))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> BinaryCrossEntropy.of(x, manager.create(new long[] {0, 1})))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("do not fit");
    assertThatThrownBy(() -> BinaryCrossEntropy.of(x, manager.create(new float[] {0, 1, 2})))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(
            () ->
                new HardDistillation(new CrossEntropy(0), .5)
                    .between(new NDList(x), labels(), manager.zeros(new Shape(3, 4))))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("same classes");
  }

  @Test
  void impossibleNumbersAreRefused() {
    CrossEntropy plain = new CrossEntropy(0);
    assertThatThrownBy(() -> new CrossEntropy(1.1)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new BinaryCrossEntropy(0, -1.)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new HardDistillation(plain, Double.NaN))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new SoftDistillation(plain, .5, 0))
        .isInstanceOf(BadInputException.class);
  }
}
