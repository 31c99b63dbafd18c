package io.github.vit4j.examples.shapes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.image.RgbImage;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The images follow from the seed, and their classes are fair. */
class ShapeImagesTest {

  @Test
  void theSameSeedDrawsTheSameImages() {
    DataSplits one = ShapeImages.splits(24, 32, 5);
    DataSplits again = ShapeImages.splits(24, 32, 5);
    Set<Integer> distinct = new HashSet<>();
    for (int i = 0; i < 24; i++) {
      RgbImage image = one.train().image(i);
      assertThat(image.pixels()).isEqualTo(again.train().image(i).pixels());
      distinct.add(Arrays.hashCode(image.pixels()));
    }
    for (int i = 0; i < 6; i++) {
      distinct.add(Arrays.hashCode(one.validation().image(i).pixels()));
    }
    assertThat(distinct).as("no validation image is a training image").hasSize(30);
    assertThat(ShapeImages.splits(24, 32, 6).train().image(0).pixels())
        .isNotEqualTo(one.train().image(0).pixels());
  }

  @Test
  void classesAreOfEqualSize() {
    DataSplits data = ShapeImages.splits(60, 32, 1);
    assertThat(data.train().classes())
        .containsExactly("circle", "square", "triangle", "star", "cross", "ring");
    for (int label = 0; label < 6; label++) {
      int wanted = label;
      assertThat(IntStream.range(0, 60).filter(i -> data.train().label(i) == wanted)).hasSize(10);
    }
    assertThat(data.validation().size()).isEqualTo(15);
  }

  @Test
  void everyFigureCoversSomethingOfItsOwn() {
    Set<Long> areas = new HashSet<>();
    for (Figure figure : Figure.values()) {
      long area = 0;
      for (double u = -1; u <= 1; u += 0.02) {
        for (double v = -1; v <= 1; v += 0.02) {
          boolean covered = figure.covers(u, v);
          area += covered ? 1 : 0;
          assertThat(covered && Math.hypot(u, v) > 1.001).as(figure.name()).isFalse();
        }
      }
      areas.add(area);
      assertThat(area).isBetween(1500L, 7500L);
    }
    assertThat(areas).hasSize(6);
  }

  @Test
  void whatTheSystemTakesForNoPathIsSpeltAllTheSame() {
    assertThat(ShapeImages.areSpelt("shapes:6\0")).isTrue(); // as Windows does with the colon
    assertThatThrownBy(() -> ShapeImages.spelt("shapes:6\0", 32))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("write shapes:600");
  }

  @Test
  void impossibleSizesAreRefused() {
    assertThatThrownBy(() -> ShapeImages.splits(0, 32, 1)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> ShapeImages.splits(5, 4, 1)).isInstanceOf(BadInputException.class);
  }
}
