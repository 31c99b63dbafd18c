package io.github.vit4j.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.github.vit4j.error.BadInputException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged files, the same ones in every run: each gives an image or the one exception. */
class ImageDecoderFuzzTest {

  private static final int DAMAGES = 60;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "made/baseline_1.jpg",
        "made/progressive_2.jpg",
        "made/cmyk.jpg",
        "made/exif_6.jpg",
        "made/mode_RGBA.png",
        "made/palette_16.png",
        "made/grey_16.png",
        "made/lossy_40.webp",
        "made/lossy_alpha.webp",
        "made/lossless_alpha.webp",
        "made/lossless_indexed.webp",
        "made/lossless_squares.webp",
        "made/animated.webp",
        "made/palette_16.gif",
        "made/palette_200.bmp",
        "odd/bmp__g__pal4rle.bmp",
        "odd/bmp__g__rgb16-565.bmp",
        "odd/dispose_prev_first_frame.gif",
      })
  void damagedFilesDecodeOrAreRefused(String path) {
    byte[] whole = Fixtures.resource("/images/" + path);
    ImageDecoder decoder = new ImageDecoder().withMaxPixels(1 << 18);
    Random random = new Random(path.hashCode());
    for (int i = 0; i < DAMAGES; i++) {
      byte[] data = damage(whole, random);
      String name = path + " #" + i;
      try {
        RgbImage image = decoder.decode(data, name);
        assertThat(image.pixels()).hasSize(3 * image.width() * image.height());
      } catch (BadInputException e) {
        assertThat(e).hasMessageContaining(name);
      } catch (RuntimeException | Error e) {
        fail(name, e);
      }
    }
  }

  private static byte[] damage(byte[] whole, Random random) {
    byte[] data = whole.clone();
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(data, random.nextInt(data.length));
    }
    // headers are short, but most of what can go wrong is in them
    int reach = random.nextBoolean() ? Math.min(data.length, 64) : data.length;
    for (int flips = 1 + random.nextInt(6); flips > 0; flips--) {
      int at = random.nextInt(reach);
      data[at] =
          switch (random.nextInt(3)) {
            case 0 -> (byte) (data[at] ^ 1 << random.nextInt(8));
            case 1 -> (byte) (random.nextBoolean() ? 0xff : 0);
            default -> (byte) random.nextInt(256);
          };
    }
    return data;
  }
}
