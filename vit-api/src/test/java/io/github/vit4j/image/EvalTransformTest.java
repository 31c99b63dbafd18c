package io.github.vit4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.Gson;
import io.github.vit4j.error.BadInputException;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvalTransformTest {

  private static RgbImage image(String name) {
    return new ImageDecoder().decode(Fixtures.resource("/preprocess/" + name + ".png"), name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"img0", "img1", "img2"})
  void equalsTheReference(String name) {
    float[] expected =
        Fixtures.floats(
            Fixtures.tensors("/preprocess/" + name + ".safetensors")
                .getOrDefault("eval_transform.size64.crop0.9.bicubic.imagenet", new byte[0]));

    float[] actual = EvalTransform.ofSize(64).withCropRatio(0.9).apply(image(name));

    assertThat(actual).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(actual[i] - expected[i])).as("element %d", i).isLessThanOrEqualTo(1e-6f);
    }
  }

  @ParameterizedTest(name = "{0} x {1} for {2} at {3}: {4} x {5}")
  @CsvSource({
    // torchvision's Resize(int): the long side truncated
    "500, 375, 224, 0.875, 341, 256",
    "375, 500, 224, 0.875, 256, 341",
    "640, 480, 224, 0.9, 330, 248",
    "7, 13, 64, 0.9, 71, 131",
    "64, 64, 64, 1.0, 64, 64",
    "1, 1000000, 2, 1.0, 2, 2000000",
  })
  void scalesTheShortSide(int w, int h, int size, double ratio, int scaledW, int scaledH) {
    EvalTransform transform = EvalTransform.ofSize(size).withCropRatio(ratio);
    assertThat(ScaledSize.of(transform, w, h)).isEqualTo(new ScaledSize(scaledW, scaledH));
  }

  @Test
  void keepsTheRatioForInputsThatAreNotSquare() {
    // timm's ResizeKeepRatio((256, 384)) of 500 wide x 375 high: round(500/1.302..),
    // round(375/1.302..)
    EvalTransform transform = EvalTransform.ofSize(224, 336);
    assertThat(ScaledSize.of(transform, 500, 375)).isEqualTo(new ScaledSize(384, 288));
    assertThat(transform.apply(image("img0"))).hasSize(3 * 224 * 336);
  }

  @Test
  void squashScalesEachSideOnItsOwn() {
    EvalTransform transform =
        EvalTransform.ofSize(64).withCropMode(CropMode.SQUASH).withCropRatio(1);
    RgbImage image = image("img1");
    assertThat(transform.resizeAndCrop(image))
        .isEqualTo(Resize.to(image, 64, 64, Resampling.BICUBIC));
  }

  @Test
  void cropOffsetsRoundHalfToEven() {
    // surplus 71 - 64 = 7: 3.5 becomes 4; surplus 5: 2.5 becomes 2
    RgbImage image = image("img2");
    int surplusSeven = offsetOf(image, 64, 71);
    int surplusFive = offsetOf(image, 64, 69);
    assertThat(surplusSeven).isEqualTo(4);
    assertThat(surplusFive).isEqualTo(2);
  }

  private static int offsetOf(RgbImage image, int size, int scaled) {
    EvalTransform transform =
        EvalTransform.ofSize(size)
            .withCropMode(CropMode.SQUASH)
            .withCropRatio(size / (scaled + 0.5));
    RgbImage cropped = transform.resizeAndCrop(image);
    RgbImage whole = Resize.to(image, scaled, scaled, Resampling.BICUBIC);
    return IntStream.rangeClosed(0, scaled - size)
        .filter(x -> whole.crop(x, x, size, size).equals(cropped))
        .findFirst()
        .orElse(-1);
  }

  @Test
  void padsWithBlackWhereTheCropIsLargerThanTheScaledImage() {
    // a ratio above 1 scales to 4, one short of 5: torchvision pads 0 before and 1 after
    RgbImage white = RgbImage.of(4, 4, whiteBytes(48));
    EvalTransform transform = EvalTransform.ofSize(5).withCropRatio(1.25);

    RgbImage cropped = transform.resizeAndCrop(white);

    assertThat(cropped.pixel(0, 0)).isEqualTo(0xffffff);
    assertThat(cropped.pixel(3, 3)).isEqualTo(0xffffff);
    assertThat(cropped.pixel(4, 0)).isZero();
    assertThat(cropped.pixel(0, 4)).isZero();
  }

  private static byte[] whiteBytes(int count) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) 255);
    return bytes;
  }

  @Test
  void fillsABatchImageByImage() {
    EvalTransform transform =
        EvalTransform.ofSize(16)
            .withNormalization(EvalTransform.INCEPTION_MEAN, EvalTransform.INCEPTION_STD);
    FloatBuffer batch = FloatBuffer.allocate(2 * transform.floats());
    transform.apply(image("img0"), batch);
    transform.apply(image("img1"), batch);
    assertThat(batch.remaining()).isZero();
    float[] second = new float[transform.floats()];
    batch.position(transform.floats()).get(second);
    assertThat(second).isEqualTo(transform.apply(image("img1")));
    assertThatThrownBy(() -> transform.apply(image("img0"), FloatBuffer.allocate(10)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("10 floats");
  }

  @Test
  void goesThroughJson() {
    EvalTransform transform =
        EvalTransform.ofSize(32)
            .withCropRatio(1)
            .withInterpolation(Resampling.BILINEAR)
            .withCropMode(CropMode.SQUASH)
            .withNormalization(EvalTransform.CIFAR10_MEAN, EvalTransform.CIFAR10_STD);
    String json = new Gson().toJson(transform);
    assertThat(json).contains("\"bilinear\"", "\"squash\"");
    assertThat(new Gson().fromJson(json, EvalTransform.class)).isEqualTo(transform);
  }

  @Test
  void namesCropModesAsTimmDoes() {
    assertThat(CropMode.named("center")).isEqualTo(CropMode.CENTER);
    assertThat(CropMode.named("squash")).isEqualTo(CropMode.SQUASH);
    assertThatThrownBy(() -> CropMode.named("border"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'border'")
        .hasMessageContaining("center, center_floor or squash");
  }

  @Test
  void refusesImpossibleSettings() {
    EvalTransform transform = EvalTransform.ofSize(32);
    assertThatThrownBy(() -> EvalTransform.ofSize(0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> transform.withCropRatio(0)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> transform.withCropRatio(Double.NaN))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> transform.withCropRatio(33)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> transform.withNormalization(List.of(0.5), EvalTransform.INCEPTION_STD))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("mean");
    assertThatThrownBy(
            () -> transform.withNormalization(EvalTransform.INCEPTION_MEAN, List.of(1., 0., 1.)))
        .isInstanceOf(BadInputException.class);
  }
}
