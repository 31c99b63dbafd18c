package io.github.vit4j.finetune.fewshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.error.BadInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RidgeClassifierTest {

  private static final double TOLERANCE = 1e-5;

  @ParameterizedTest
  @ValueSource(strings = {"more_examples", "more_features"})
  void equalsTheReference(String name) {
    try (FewShotFixture fixture = new FewShotFixture(name)) {
      RidgeClassifier ridge = RidgeClassifier.fit(fixture.support(), RidgeClassifier.DEFAULT_L2);
      requireEqual(ridge.weights(), fixture.rows("W"));
      Features test = fixture.test();
      float[][] scores = fixture.rows("scores");
      requireEqual(ridge.scores(test, 0, test.size()), scores);
      int[] predictions = ridge.predict(test);
      for (int i = 0; i < predictions.length; i++) {
        for (float score : scores[i]) {
          assertThat(scores[i][predictions[i]]).isGreaterThanOrEqualTo(score);
        }
      }
    }
  }

  private static void requireEqual(double[][] found, float[][] expected) {
    assertThat(found).hasDimensions(expected.length, expected[0].length);
    for (int i = 0; i < found.length; i++) {
      for (int j = 0; j < found[i].length; j++) {
        assertThat(found[i][j]).isCloseTo(expected[i][j], within(TOLERANCE));
      }
    }
  }

  @Test
  void constantAndHugeFeaturesDoNoHarm() {
    float[][] rows = {{1e30f, 7, 1}, {-1e30f, 7, 2}, {1e30f, 7, 3}, {-1e30f, 7, 4}};
    Features support = new Features(rows, new int[] {0, 1, 0, 1}, List.of("up", "down"));
    RidgeClassifier ridge = RidgeClassifier.fit(support, RidgeClassifier.DEFAULT_L2);
    assertThat(ridge.predict(support)).containsExactly(0, 1, 0, 1);
    assertThat(ridge.weights()[1]).containsExactly(0, 0);
  }

  @Test
  void refusesWhatIsNoNumber() {
    float[][] rows = {{1, 2}, {3, Float.NaN}};
    assertThatThrownBy(() -> new Features(rows, new int[] {0, 1}, List.of("a", "b")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("value 1 of feature vector 1 is NaN");
    float[][] ragged = {{1, 2}, {3}};
    assertThatThrownBy(() -> new Features(ragged, new int[] {0, 1}, List.of("a", "b")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("1 values and the first has 2");
  }
}
