package io.github.vit4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import org.junit.jupiter.api.Test;

class RgbImageTest {

  /** 2 x 2: red, green / blue, white. */
  private static final RgbImage IMAGE =
      RgbImage.of(2, 2, new byte[] {-1, 0, 0, 0, -1, 0, 0, 0, -1, -1, -1, -1});

  @Test
  void cropsAndFillsTheOutsideWithBlack() {
    RgbImage cropped = IMAGE.crop(1, -1, 2, 3);
    assertThat(cropped.pixel(0, 0)).isZero();
    assertThat(cropped.pixel(0, 1)).isEqualTo(0x00ff00);
    assertThat(cropped.pixel(0, 2)).isEqualTo(0xffffff);
    assertThat(cropped.pixel(1, 2)).isZero();
    assertThat(IMAGE.crop(5, 5, 1, 1).pixel(0, 0)).isZero();
    assertThat(IMAGE.crop(-5, -5, 1, 1).pixel(0, 0)).isZero();
    assertThat(IMAGE.crop(0, 0, 2, 2)).isSameAs(IMAGE);
  }

  @Test
  void goesToAwtAndBack() {
    assertThat(IMAGE.toBufferedImage().getRGB(1, 0)).isEqualTo(0xff00ff00);
    assertThat(RgbImage.fromBufferedImage(IMAGE.toBufferedImage())).isEqualTo(IMAGE);
  }

  @Test
  void refusesImpossibleSizes() {
    assertThatThrownBy(() -> RgbImage.of(0, 2, new byte[0])).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> RgbImage.of(2, 2, new byte[11]))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("12 bytes")
        .hasMessageContaining("11");
    assertThatThrownBy(() -> RgbImage.of(1 << 16, 1 << 16, new byte[0]))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> IMAGE.crop(0, 0, 0, 1)).isInstanceOf(BadInputException.class);
  }
}
