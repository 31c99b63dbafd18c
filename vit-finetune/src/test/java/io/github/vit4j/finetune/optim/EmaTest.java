package io.github.vit4j.finetune.optim;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.ViT;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The average of a model's weights, beside the weights and in their place. */
class EmaTest {

  private NDManager manager;
  private VisionTransformer vit;
  private ViTParameter bias;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager("PyTorch");
    vit = ViT.builder().imageSize(32).width(16).depth(1).heads(2).classes(3).hmlpStem().build();
    vit.initialize(manager);
    bias = parameter("head.bias");
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private static NDArray at(Ema ema, String path) {
    return requireNonNull(ema.state().get(path));
  }

  private ViTParameter parameter(String path) {
    return vit.namedParameters().stream()
        .filter(p -> p.path().equals(path))
        .findAny()
        .orElseThrow();
  }

  /** Weights 0, then 1, 2, 3: .9 a + .1 w each time. */
  @Test
  void averages() {
    try (Ema ema = Ema.of(vit, .9)) {
      int before = Managed.by(manager);
      for (float w = 1; w <= 3; w++) {
        bias.array().set(new float[] {w, w, w});
        ema.update();
      }
      assertThat(at(ema, "head.bias").getFloat(1))
          .isEqualTo(.9f * (.9f * .1f + .2f) + .3f, within(1e-6f));
      assertThat(ema.updates()).isEqualTo(3);
      assertThat(Managed.by(manager)).isEqualTo(before);
    }
    assertThat(manager.getManagedArrays()).hasSameSizeAs(vit.namedParameters());
  }

  /** (1 + n) / (10 + n): .1, then 2/11. */
  @Test
  void warmsUp() {
    try (Ema ema = Ema.withWarmUp(vit, .9999)) {
      bias.array().set(new float[] {1, 1, 1});
      ema.update();
      assertThat(at(ema, "head.bias").getFloat(0)).isEqualTo(.9f, within(1e-6f));
      bias.array().set(new float[] {2, 2, 2});
      ema.update();
      assertThat(at(ema, "head.bias").getFloat(0))
          .isEqualTo((float) (.9 * 2 / 11 + 2 * 9. / 11), within(1e-6f));
    }
  }

  @Test
  void swapsInAndBack() {
    float[] start = bias.array().toFloatArray();
    try (Ema ema = Ema.of(vit, .5)) {
      float[] trained = {.1f, -7.3f, 1e-9f};
      bias.array().set(trained);
      try (TrainingStep step = TrainingStep.begin(manager);
          Ema.Swap averaged = ema.swapIn()) {
        assertThat(bias.array().toFloatArray()).isEqualTo(start);
        assertThat(bias.array().hasGradient()).isTrue();
        assertThatThrownBy(ema::update).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(ema::swapIn).isInstanceOf(IllegalStateException.class);
        assertThat(averaged).isNotNull();
        assertThat(step).isNotNull();
      }
      assertThat(bias.array().toFloatArray()).isEqualTo(trained);
      assertThat(at(ema, "head.bias").toFloatArray()).isEqualTo(start);
    }
  }

  @Test
  void keepsWhatMovesAlone() {
    vit.freezeParameters(true);
    vit.namedParameters().stream()
        .filter(p -> p.role() == Role.HEAD)
        .forEach(p -> p.parameter().freeze(false));
    try (Ema ema = Ema.of(vit, .9)) {
      assertThat(ema.state().keySet())
          .filteredOn(name -> !name.contains("running_"))
          .containsExactly("updates", "head.weight", "head.bias");
      assertThat(ema.state().keySet()).contains("patch_embed.proj.1.running_mean");
    }
  }

  @Test
  void restores() {
    try (Ema ema = Ema.of(vit, .9);
        Ema other = Ema.of(vit, .9)) {
      bias.array().set(new float[] {1, 2, 3});
      ema.update();
      Map<String, NDArray> lacking = new HashMap<>(ema.state());
      lacking.remove("head.bias");
      assertThatThrownBy(() -> other.restore(lacking))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith("the average's state lacks head.bias");

      other.restore(ema.state());

      assertThat(other.updates()).isEqualTo(1);
      assertThat(at(other, "head.bias").toFloatArray())
          .isEqualTo(at(ema, "head.bias").toFloatArray());
    }
  }

  @Test
  void impossibleChoicesAreRefused() {
    assertThatThrownBy(() -> Ema.of(vit, 1)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> Ema.of(vit, Double.NaN)).isInstanceOf(BadInputException.class);
  }
}
