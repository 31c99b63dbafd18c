package io.github.vit4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViTZooTest {

  /** Of the twenty samples, as measured when the model was added; see docs/results/cifar10.md. */
  private static final long SAMPLES_RIGHT = 16;

  @Test
  void theEmbeddedModelKnowsItsSamples() {
    List<Sample> samples = ViTZoo.samples();
    assertThat(samples).hasSize(20);
    try (ViTModel model = ViTZoo.load(ViTZoo.EMBEDDED)) {
      assertThat(model.network().config().parallel()).isEqualTo(2);
      long right =
          samples.stream()
              .filter(
                  s -> {
                    String best = model.classify(s.image()).best().getClassName();
                    return s.name().startsWith(best + "-");
                  })
              .count();
      assertThat(right).isGreaterThanOrEqualTo(SAMPLES_RIGHT);
    }
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    assertThatThrownBy(() -> ViTZoo.load("deit_tiny_patch16_244.fb_in1k"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'deit_tiny_patch16_244.fb_in1k'")
        .hasMessageContaining("deit_tiny_patch16_224.fb_in1k")
        .hasMessageContaining("vit list");
  }
}
