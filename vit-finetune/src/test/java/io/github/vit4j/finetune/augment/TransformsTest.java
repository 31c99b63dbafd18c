package io.github.vit4j.finetune.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.Resampling;
import io.github.vit4j.image.Resize;
import io.github.vit4j.image.RgbImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TransformsTest {

  private static final int DRAWS = 20_000;

  @Test
  void resizedCropsHaveTheRangesOfTorchvision() {
    RandomResizedCrop crop = new RandomResizedCrop(224, 224);
    SplittableRandom random = RandomStreams.of(1);
    double area = 0;
    int leftmost = 0;
    for (int i = 0; i < DRAWS; i++) {
      RandomResizedCrop.Box box = crop.draw(500, 400, random);
      double part = box.width() * box.height() / 200_000.;
      double ratio = (double) box.width() / box.height();
      assertThat(part).isBetween(0.078, 1.0);
      assertThat(ratio).isBetween(0.74, 1.35);
      assertThat(box.x()).isBetween(0, 500 - box.width());
      assertThat(box.y()).isBetween(0, 400 - box.height());
      area += part;
      leftmost += box.x() == 0 ? 1 : 0;
    }

    // from 200,000 draws of timm's RandomResizedCropAndInterpolation.get_params at this size
    assertThat(area / DRAWS).isCloseTo(0.4530, within(0.006));
    assertThat((double) leftmost / DRAWS).isCloseTo(0.0090, within(0.002));
  }

  @Test
  void resizedCropCutsFirstAndScalesThen() {
    RgbImage scene = TestImages.named("scene");
    RandomResizedCrop crop = new RandomResizedCrop(20, 24);
    RandomResizedCrop.Box box = crop.draw(scene.width(), scene.height(), RandomStreams.of(4));

    RgbImage result = crop.apply(scene, RandomStreams.of(4));

    RgbImage cut = scene.crop(box.x(), box.y(), box.width(), box.height());
    assertThat(result).isEqualTo(Resize.to(cut, 24, 20, Resampling.BICUBIC));
  }

  @Test
  void oddShapesFallBackToTheCentre() {
    RandomResizedCrop crop =
        new RandomResizedCrop(8, 8, 0.9, 1, 3 / 4., 4 / 3., Resampling.BILINEAR);

    assertThat(crop.draw(1000, 30, RandomStreams.of(1)))
        .isEqualTo(new RandomResizedCrop.Box(480, 0, 40, 30));
    assertThat(crop.draw(30, 1000, RandomStreams.of(1)))
        .isEqualTo(new RandomResizedCrop.Box(0, 480, 30, 40));
    assertThat(crop.apply(TestImages.named("dot"), RandomStreams.of(1)).pixel(7, 7))
        .isEqualTo(0x07fa80);
    assertThat(crop.apply(TestImages.noise(2000, 1, 1), RandomStreams.of(1)).width()).isEqualTo(8);
  }

  @Test
  void simpleCropMirrorsFourPixels() {
    RgbImage image = TestImages.noise(16, 16, 3);
    ImageTransform crop = new RandomCrop(16, 16, 4, Padding.REFLECT);
    Map<Integer, Integer> corners = new HashMap<>();
    for (int i = 0; i < 4000; i++) {
      corners.merge(crop.apply(image, RandomStreams.of(i)).pixel(4, 4), 1, Integer::sum);
    }

    // the corner may be any of 9 x 9 pixels
    List<Integer> expected = new ArrayList<>();
    for (int y = 0; y < 9; y++) {
      for (int x = 0; x < 9; x++) {
        expected.add(image.pixel(x, y));
      }
    }
    assertThat(corners.keySet()).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(corners.values()).allSatisfy(n -> assertThat(n).isBetween(20, 90));
  }

  @Test
  void cropsLargerThanTheImageAreRefused() {
    ImageTransform crop = new RandomCrop(32, 32, 4, Padding.ZERO);
    assertThat(crop.apply(TestImages.noise(32, 24, 1), RandomStreams.of(1)).height()).isEqualTo(32);
    assertThatThrownBy(() -> crop.apply(TestImages.noise(32, 23, 1), RandomStreams.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("32 x 23")
        .hasMessageContaining("scale images first");
    assertThatThrownBy(() -> Padding.REFLECT.around(TestImages.noise(9, 4, 1), 4))
        .isInstanceOf(BadInputException.class);
  }

  @Test
  void shortSideIsScaledAndTheLongSideRoundedDown() {
    ImageTransform resize = new ResizeShortSide(20, Resampling.BICUBIC);
    RgbImage wide = resize.apply(TestImages.noise(47, 31, 1), RandomStreams.of(1));

    assertThat(wide.height()).isEqualTo(20);
    assertThat(wide.width()).isEqualTo(30); // 30.3
    assertThat(resize.apply(TestImages.noise(10, 40, 1), RandomStreams.of(1)).height())
        .isEqualTo(80);
  }

  @Test
  void flipsAsOftenAsAsked() {
    RgbImage image = TestImages.noise(2, 1, 5);
    int flips = 0;
    for (int i = 0; i < DRAWS; i++) {
      RgbImage result = new HorizontalFlip(0.3).apply(image, RandomStreams.of(i));
      flips += result.pixel(0, 0) == image.pixel(1, 0) ? 1 : 0;
    }
    assertThat((double) flips / DRAWS).isCloseTo(0.3, within(0.015));
  }

  @Test
  void threeAugmentDrawsEachOfThree() {
    RgbImage image = TestImages.named("scene");
    RgbImage grey = Enhance.grey(image);
    RgbImage solarized = Tones.solarize(image, 128);
    int greys = 0;
    int solarizations = 0;
    int rounds = 3000;
    for (int i = 0; i < rounds; i++) {
      RgbImage result = new ThreeAugment().apply(image, RandomStreams.of(i));
      greys += result.equals(grey) ? 1 : 0;
      solarizations += result.equals(solarized) ? 1 : 0;
    }
    assertThat(greys).isCloseTo(rounds / 3, within(110));
    assertThat(solarizations).isCloseTo(rounds / 3, within(110));
  }

  @Test
  void jitterStaysWithinItsAmountsAndMixesTheOrder() {
    // of one pixel, brightness alone can be told from the result
    RgbImage grey = RgbImage.of(1, 1, new byte[] {100, 100, 100});
    int least = 255;
    int most = 0;
    for (int i = 0; i < DRAWS; i++) {
      int value = new ColorJitter(0.4, 0, 0, 0).apply(grey, RandomStreams.of(i)).pixel(0, 0) & 0xff;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    assertThat(least).isBetween(60, 61);
    assertThat(most).isBetween(138, 140);

    RgbImage scene = TestImages.named("scene");
    assertThat(new ColorJitter(0).apply(scene, RandomStreams.of(1))).isSameAs(scene);
    assertThat(new ColorJitter(0.3).apply(scene, RandomStreams.of(1)))
        .isEqualTo(new ColorJitter(0.3).apply(scene, RandomStreams.of(1)))
        .isNotEqualTo(new ColorJitter(0.3).apply(scene, RandomStreams.of(2)));
  }

  @Test
  void impossibleSettingsAreRefused() {
    assertThatThrownBy(() -> new HorizontalFlip(1.5))
        .isInstanceOf(BadInputException.class)
        .hasMessage("the probability of a flip cannot be 1.5; give a number from 0 to 1");
    assertThatThrownBy(() -> new ColorJitter(Double.NaN)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new ColorJitter(0, 0, 0, 0.6)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new RandomResizedCrop(8, 8, 0.5, 0.4, 1, 1, Resampling.BICUBIC))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new RandomResizedCrop(8, 8, 0.1, 0.4, 2, 1, Resampling.BICUBIC))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new RandomResizedCrop(0, 8)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new RandomErasing(-1, ErasingMode.CONST))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new Mixup(-1, 0, 0)).isInstanceOf(BadInputException.class);
  }
}
