package io.github.vit4j.finetune.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.RgbImage;
import java.nio.FloatBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AugmentationTest {

  private static final EvalTransform PREPROCESSING = EvalTransform.ofSize(24, 32);

  private static float[] apply(SampleTransform transform, RgbImage image, long seed) {
    FloatBuffer out = FloatBuffer.allocate(3 * transform.height() * transform.width());
    transform.apply(image, out, RandomStreams.of(seed));
    assertThat(out.hasRemaining()).isFalse();
    return out.array();
  }

  @Test
  void noAugmentationIsTheEvaluation() {
    RgbImage scene = TestImages.named("scene");
    float[] expected = PREPROCESSING.apply(scene);

    assertThat(apply(Augmentation.NONE.transform(PREPROCESSING), scene, 1)).isEqualTo(expected);
    assertThat(apply(SampleTransform.of(PREPROCESSING), scene, 1)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(CropKind.class)
  void everyCropGivesTheModelsSize(CropKind kind) {
    SampleTransform transform =
        Augmentation.BASIC
            .withCrop(kind)
            .withRandAugment("rand-m9-mstd0.5-inc1")
            .withThreeAugment(true)
            .withJitter(0.3)
            .withErasing(0.25)
            .transform(PREPROCESSING);
    for (RgbImage image :
        List.of(
            TestImages.named("scene"),
            TestImages.named("dot"),
            TestImages.noise(300, 3, 1),
            TestImages.noise(3, 300, 1))) {
      for (int seed = 0; seed < 20; seed++) {
        float[] once = apply(transform, image, seed);
        assertThat(once).doesNotContain(Float.NaN).isEqualTo(apply(transform, image, seed));
      }
    }
  }

  @Test
  void smallImagesAreNotScaled() {
    EvalTransform cifar = EvalTransform.ofSize(32).withCropRatio(1);
    SampleTransform transform =
        Augmentation.BASIC.withCrop(CropKind.PADDED).withFlip(0).transform(cifar);
    RgbImage image = TestImages.noise(32, 32, 2);
    RgbImage expected = new RandomCrop(32, 32, 4, Padding.ZERO).apply(image, RandomStreams.of(9));

    assertThat(apply(transform, image, 9)).isEqualTo(cifar.apply(expected));
  }

  @Test
  void otherSizesAreRefusedWithTheRemedy() {
    SampleTransform transform =
        new TrainTransform(
            ImageTransform.NONE, PREPROCESSING, new RandomErasing(0, ErasingMode.CONST));
    assertThatThrownBy(() -> apply(transform, TestImages.noise(5, 5, 1), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("5 x 5")
        .hasMessageContaining("24 x 32");
    assertThatThrownBy(() -> Augmentation.BASIC.withRandAugment("rand-x"))
        .isInstanceOf(BadInputException.class);
  }
}
