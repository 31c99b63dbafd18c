package io.github.vit4j.finetune.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.Resampling;
import io.github.vit4j.image.RgbImage;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RandAugmentTest {

  @Test
  void readsTheConfigurationsOfTheRecipes() {
    RandAugment deit = RandAugment.parse("rand-m9-mstd0.5-inc1");
    assertThat(deit.magnitude()).isEqualTo(9);
    assertThat(deit.deviation()).isEqualTo(0.5);
    assertThat(deit.layers()).isEqualTo(2);
    assertThat(deit.probability()).isEqualTo(0.5);
    assertThat(deit.increasing()).isTrue();
    assertThat(deit.fill()).isEqualTo(124 << 16 | 116 << 8 | 104);

    RandAugment other = RandAugment.parse("rand-n3-p0.8-mmax12-mstd101-m7");
    assertThat(other.layers()).isEqualTo(3);
    assertThat(other.magnitude()).isEqualTo(7);
    assertThat(other.probability()).isEqualTo(0.8);
    assertThat(other.maxMagnitude()).isEqualTo(12);
    assertThat(other.deviation()).isInfinite();
    assertThat(other.increasing()).isFalse();
    assertThat(RandAugment.parse("rand").magnitude()).isEqualTo(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "m9",
        "augmix-m3",
        "rand-",
        "rand-m",
        "rand-m9..1",
        "rand-tweights",
        "rand-q3",
        "rand-m-9",
        "rand-n0",
        "rand-n1e9",
        "rand-p2",
        "rand-m999",
        "rand-mstdinf-minf"
      })
  void refusesOthers(String text) {
    assertThatThrownBy(() -> RandAugment.parse(text)).isInstanceOf(BadInputException.class);
  }

  /** Magnitude 9 through the functions {@code LEVEL_TO_ARG} of timm; both signs where there are. */
  @ParameterizedTest
  @CsvSource({
    "AUTO_CONTRAST, 0, 0",
    "ROTATE, -27, 27",
    "POSTERIZE, 3, 3",
    "POSTERIZE_INCREASING, 1, 1",
    "SOLARIZE, 230, 230",
    "SOLARIZE_INCREASING, 26, 26",
    "SOLARIZE_ADD, 99, 99",
    "COLOR, 1.72, 1.72",
    "COLOR_INCREASING, 0.19, 1.81",
    "CONTRAST_INCREASING, 0.19, 1.81",
    "BRIGHTNESS_INCREASING, 0.19, 1.81",
    "SHARPNESS_INCREASING, 0.19, 1.81",
    "SHEAR_X, -0.27, 0.27",
    "SHEAR_Y, -0.27, 0.27",
    "TRANSLATE_X_REL, -0.405, 0.405",
    "TRANSLATE_Y_REL, -0.405, 0.405"
  })
  void magnitudesAreTimms(RandAugmentOp operation, double least, double most) {
    double[] drawn = new double[1000];
    SplittableRandom random = RandomStreams.of(1);
    Arrays.setAll(drawn, i -> operation.argument(9, random));

    assertThat(Arrays.stream(drawn).min().orElseThrow()).isCloseTo(least, within(1e-12));
    assertThat(Arrays.stream(drawn).max().orElseThrow()).isCloseTo(most, within(1e-12));
    long low = Arrays.stream(drawn).filter(v -> v < (least + most) / 2 + 1e-12).count();
    assertThat(low).isIn(1000L, low > 440 && low < 560 ? low : -1L);
  }

  @ParameterizedTest
  @EnumSource(RandAugmentOp.class)
  void everyOperationRunsAtEveryMagnitude(RandAugmentOp operation) {
    for (String name : List.of("scene", "dot", "line", "flat")) {
      RgbImage image = TestImages.named(name);
      for (double magnitude : new double[] {0, 0.3, 5, 10, 100}) {
        for (int i = 0; i < 4; i++) {
          double argument = operation.argument(magnitude, RandomStreams.of(i));
          RgbImage result = operation.apply(image, argument, Resampling.BICUBIC, 0x808080);
          assertThat(result.width()).isEqualTo(image.width());
          assertThat(result.height()).isEqualTo(image.height());
        }
      }
    }
  }

  @Test
  void magnitudesVaryAndAreClipped() {
    RandAugment deit = RandAugment.parse("rand-m9-mstd0.5-inc1");
    SplittableRandom random = RandomStreams.of(1);
    double[] drawn = new double[100_000];
    Arrays.setAll(drawn, i -> deit.drawMagnitude(random));

    // the normal distribution cut off at two deviations above its mean
    assertThat(Arrays.stream(drawn).average().orElseThrow()).isCloseTo(8.9955, within(0.006));
    assertThat(Arrays.stream(drawn).max().orElseThrow()).isEqualTo(10);
    assertThat(Arrays.stream(drawn).filter(v -> v == 10).count()).isCloseTo(2275, within(200L));
    assertThat(RandAugment.parse("rand-m9").drawMagnitude(random)).isEqualTo(9);

    RandAugment even = RandAugment.parse("rand-m8-mstd101");
    Arrays.setAll(drawn, i -> even.drawMagnitude(random));
    assertThat(Arrays.stream(drawn).average().orElseThrow()).isCloseTo(4, within(0.03));
  }

  @Test
  void halfOfTheOperationsAreLeftOut() {
    RgbImage scene = TestImages.named("scene");
    RandAugment policy = RandAugment.parse("rand-m9-n2-inc1");
    int untouched = 0;
    for (int i = 0; i < 4000; i++) {
      untouched += policy.apply(scene, RandomStreams.of(i)) == scene ? 1 : 0;
    }
    assertThat(untouched).isCloseTo(1000, within(90));
  }

  @Test
  void whatComesInHasTheFillColour() {
    RandAugment policy =
        RandAugment.parse("rand-m10-n1-p1-inc1")
            .withFill(EvalTransform.INCEPTION_MEAN)
            .withInterpolation(Resampling.BILINEAR);
    RgbImage black = RgbImage.of(30, 30, new byte[2700]);
    boolean seen = false;
    for (int i = 0; i < 200; i++) {
      seen |= policy.apply(black, RandomStreams.of(i)).pixel(0, 0) == 0x808080;
    }
    assertThat(policy.fill()).isEqualTo(0x808080);
    assertThat(seen).isTrue();
    assertThatThrownBy(() -> policy.withInterpolation(Resampling.LANCZOS))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("lanczos");
  }
}
