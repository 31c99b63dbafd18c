package io.github.vit4j.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViTZooTest {

  /** Of the twenty samples, as measured when the model was added; see docs/results/cifar10.md. */
  private static final long SAMPLES_RIGHT = 15;

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
  void anUnknownNameIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> ViTZoo.load("vit_none"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'vit_none'")
        .hasMessageContaining(ViTZoo.EMBEDDED);
  }
}
