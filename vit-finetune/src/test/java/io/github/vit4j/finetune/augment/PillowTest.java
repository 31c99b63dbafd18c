package io.github.vit4j.finetune.augment;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.image.Resampling;
import io.github.vit4j.image.RgbImage;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation against what Pillow 9.4 made of the same image, bit for bit. */
class PillowTest {

  private static final int FILL = 124 << 16 | 116 << 8 | 104;

  static Stream<String> lines() {
    return new String(TestImages.resource("/augment/expected.tsv"), StandardCharsets.US_ASCII)
        .lines();
  }

  @ParameterizedTest
  @MethodSource("lines")
  void equalsPillow(String line) {
    String[] cells = line.split("\t");
    String[] arguments = cells[2].split(" ");

    RgbImage result = apply(TestImages.named(cells[0]), cells[1], arguments);

    assertThat(TestImages.crc(result)).isEqualTo(cells[3]);
  }

  private static RgbImage apply(RgbImage image, String operation, String[] arguments) {
    double amount = arguments[0].isEmpty() ? 0 : Double.parseDouble(arguments[0]);
    Resampling filter = arguments.length > 1 ? Resampling.named(arguments[1]) : Resampling.BILINEAR;
    return switch (operation) {
      case "invert" -> Tones.invert(image);
      case "solarize" -> Tones.solarize(image, (int) amount);
      case "solarizeAdd" -> Tones.solarizeAdd(image, (int) amount);
      case "posterize" -> Tones.posterize(image, (int) amount);
      case "autoContrast" -> Tones.autoContrast(image);
      case "equalize" -> Tones.equalize(image);
      case "grey" -> Enhance.grey(image);
      case "flip" -> Flip.horizontal(image);
      case "brightness" -> Enhance.brightness(image, amount);
      case "contrast" -> Enhance.contrast(image, amount);
      case "saturation" -> Enhance.saturation(image, amount);
      case "sharpness" -> Enhance.sharpness(image, amount);
      case "hue" -> Hue.shift(image, amount);
      case "blur" -> GaussianBlur.apply(image, amount);
      case "shearX" -> AffineWarp.shearX(image, amount, filter, FILL);
      case "shearY" -> AffineWarp.shearY(image, amount, filter, FILL);
      case "translateX" -> AffineWarp.translateX(image, amount, filter, FILL);
      case "translateY" -> AffineWarp.translateY(image, amount, filter, FILL);
      case "rotate" -> AffineWarp.rotate(image, amount, filter, FILL);
      case "padReflect" -> Padding.REFLECT.around(image, (int) amount);
      default -> throw new IllegalArgumentException(operation);
    };
  }
}
