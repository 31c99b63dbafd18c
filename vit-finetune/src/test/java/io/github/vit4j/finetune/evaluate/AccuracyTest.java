package io.github.vit4j.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import org.junit.jupiter.api.Test;

class AccuracyTest {

  private static final float[] FALLING = {7, 6, 5, 4, 3, 2, 1};

  @Test
  void countsFirstChoicesAndTheFirstFive() {
    Accuracy found = Accuracy.NONE.plus(FALLING, 0).plus(FALLING, 4).plus(FALLING, 5);
    assertThat(found).isEqualTo(new Accuracy(3, 1, 2));
    assertThat(found.plus(FALLING, 6).top1Percent()).isEqualTo(25);
    assertThat(found.plus(FALLING, 6).top5Percent()).isEqualTo(50);
    assertThat(Accuracy.NONE.top1Percent()).isNaN();
  }

  @Test
  void ofEqualLogitsTheLowerClassComesFirst() {
    float[] equal = new float[6];
    assertThat(Accuracy.NONE.plus(equal, 0)).isEqualTo(new Accuracy(1, 1, 1));
    assertThat(Accuracy.NONE.plus(equal, 1)).isEqualTo(new Accuracy(1, 0, 1));
    assertThat(Accuracy.NONE.plus(equal, 5)).isEqualTo(new Accuracy(1, 0, 0));
  }

  @Test
  void whatIsNotANumberIsNeverRight() {
    float[] broken = {Float.NaN, 1};
    assertThat(Accuracy.NONE.plus(broken, 0)).isEqualTo(new Accuracy(1, 0, 0));
    assertThat(Accuracy.NONE.plus(broken, 1)).isEqualTo(new Accuracy(1, 0, 1));
  }

  @Test
  void refusesClassesThatDoNotExist() {
    assertThatThrownBy(() -> Accuracy.NONE.plus(FALLING, 7))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("7");
    assertThatThrownBy(() -> new Accuracy(1, 2, 2)).isInstanceOf(BadInputException.class);
  }
}
