package io.github.vit4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ResizeTest {

  static Stream<Arguments> pillowResults() {
    return Stream.of("img0", "img1", "img2")
        .flatMap(
            image -> {
              Map<String, byte[]> tensors =
                  Fixtures.tensors("/preprocess/" + image + ".safetensors");
              return tensors.entrySet().stream()
                  .filter(e -> !e.getKey().startsWith("eval"))
                  .map(e -> Arguments.of(image, e.getKey(), e.getValue()));
            });
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("pillowResults")
  void equalsPillowBitForBit(String image, String resize, byte[] expected) {
    RgbImage source =
        new ImageDecoder().decode(Fixtures.resource("/preprocess/" + image + ".png"), image);
    String[] parts = resize.split("[.]|(?<=\\d)x");
    int width = Integer.parseInt(parts[1]);
    int height = Integer.parseInt(parts[2]);

    RgbImage resized = Resize.to(source, width, height, Resampling.named(parts[0]));

    assertThat(resized.width()).isEqualTo(width);
    assertThat(resized.height()).isEqualTo(height);
    assertThat(resized.pixels()).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource(value = Resampling.class, mode = EnumSource.Mode.EXCLUDE, names = "NEAREST")
  void equalsThePlainTwinOnRandomShapes(Resampling filter) {
    Random random = new Random(7);
    for (int i = 0; i < 40; i++) {
      RgbImage source = noise(random, 1 + random.nextInt(60), 1 + random.nextInt(200));
      int width = 1 + random.nextInt(90);
      int height = 1 + random.nextInt(90);

      RgbImage resized = Resize.to(source, width, height, filter);

      assertThat(resized)
          .as("%s to %d x %d", source, width, height)
          .isEqualTo(PlainResize.to(source, width, height, filter));
    }
  }

  /** A band is usually the whole image, so these are far smaller. */
  @ParameterizedTest
  @EnumSource(value = Resampling.class, mode = EnumSource.Mode.EXCLUDE, names = "NEAREST")
  void bandsOfAnyHeightGiveTheSameBytes(Resampling filter) {
    Random random = new Random(5);
    for (int i = 0; i < 40; i++) {
      int side = 1 + random.nextInt(60);
      RgbImage source = noise(random, side, 1 + random.nextInt(200));
      int width = i % 3 == 0 ? side : 1 + random.nextInt(90);
      int height = source.height() + (random.nextBoolean() ? 1 : -1) * random.nextInt(60);
      if (height < 1 || height == source.height()) {
        continue;
      }
      ResizeWeights columns =
          width == side
              ? null
              : ResizeWeights.of(side, width, 0, width, filter, Resize.PRECISION_BITS);
      ResizeWeights rows =
          ResizeWeights.of(source.height(), height, 0, height, filter, Resize.PRECISION_BITS);
      RgbImage plain = PlainResize.to(source, width, height, filter);

      for (int bandRows : new int[] {1, 3, 64, 65}) {
        assertThat(ResizePasses.inBands(source, 0, width, columns, rows, bandRows))
            .as("%s to %d x %d in bands of %d", source, width, height, bandRows)
            .isEqualTo(plain);
      }
    }
  }

  /** All rows at the result's width would be 2.7 GB. */
  @Test
  void aMillionRowsAreNotHeldAtOnce() {
    RgbImage pole = RgbImage.of(1, 1_000_000, new byte[3_000_000]);
    pole.pixels()[1] = (byte) 200;

    RgbImage squashed = Resize.to(pole, 224, 224, Resampling.BILINEAR);

    assertThat(squashed.pixels()).hasSize(3 * 224 * 224).containsOnly(0);
  }

  @Test
  void refusesSidesThatTakeTooManyWeights() {
    assertThatThrownBy(
            () ->
                ResizeWeights.of(
                    40_000_000, 224, 0, 224, Resampling.BICUBIC, Resize.PRECISION_BITS))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a side of 40000000 pixels to 224");
  }

  @ParameterizedTest
  @EnumSource(Resampling.class)
  void windowIsACropOfTheWhole(Resampling filter) {
    Random random = new Random(11);
    for (int i = 0; i < 40; i++) {
      RgbImage source = noise(random, 1 + random.nextInt(60), 1 + random.nextInt(60));
      // every third one keeps a side, so that a pass is left out
      int width = i % 3 == 0 ? source.width() : 1 + random.nextInt(90);
      int height = i % 3 == 1 ? source.height() : 1 + random.nextInt(90);
      int x = random.nextInt(width);
      int y = random.nextInt(height);
      int w = 1 + random.nextInt(width - x);
      int h = 1 + random.nextInt(height - y);

      assertThat(Resize.window(source, width, height, filter, x, y, w, h))
          .isEqualTo(Resize.to(source, width, height, filter).crop(x, y, w, h));
    }
  }

  @Test
  void sameSizeIsTheImageItself() {
    RgbImage image = noise(new Random(1), 5, 4);
    assertThat(Resize.to(image, 5, 4, Resampling.LANCZOS)).isSameAs(image);
  }

  @Test
  void refusesEmptyAndHugeSizes() {
    RgbImage image = noise(new Random(1), 5, 4);
    assertThatThrownBy(() -> Resize.to(image, 0, 4, Resampling.BOX))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("0 x 4");
    assertThatThrownBy(() -> Resize.to(image, 1 << 20, 1 << 20, Resampling.NEAREST))
        .isInstanceOf(BadInputException.class);
  }

  @Test
  void namesFiltersAsConfigurationsDo() {
    assertThat(Resampling.named("Bicubic")).isEqualTo(Resampling.BICUBIC);
    assertThatThrownBy(() -> Resampling.named("hamming"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'hamming'")
        .hasMessageContaining("nearest, box, bilinear, bicubic, lanczos");
    assertThatThrownBy(() -> Resampling.named("\u001b[2J")).hasMessageContaining("'\\u001b[2J'");
    assertThatThrownBy(() -> CropMode.named("\u001b[2J")).hasMessageContaining("'\\u001b[2J'");
  }

  private static RgbImage noise(Random random, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    random.nextBytes(rgb);
    // saturated areas make the negative lobes overshoot
    for (int i = 0; i < rgb.length / 2; i++) {
      rgb[i] = (byte) (rgb[i] < 0 ? 255 : 0);
    }
    return RgbImage.of(width, height, rgb);
  }
}
