package io.github.vit4j;

import io.github.vit4j.error.BadInputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The shape that a preset stands for. Names are those of Scaling Vision Transformers (Zhai et al.
 * 2021, table 2) and big_vision, where capitals matter: s is smaller than S, g than G.
 */
record PresetShape(int width, int depth, int heads, int mlpWidth, int patchSize) {

  private static final Pattern NAME = Pattern.compile("([A-Za-z]+)/(\\d{1,3})");

  /**
   * {@return the shape of a name such as {@code G/14}}
   *
   * @throws BadInputException if there is none
   */
  static PresetShape named(String name) {
    Matcher matcher = NAME.matcher(name);
    PresetShape shape =
        matcher.matches() ? of(matcher.group(1), Integer.parseInt(matcher.group(2))) : null;
    if (shape == null || shape.patchSize < 1) {
      throw new BadInputException(
          "there is no variant '%s'; give s, Ti, S, B, L, H, g or G and the patch size, as in s/28 or G/14"
              .formatted(name));
    }
    return shape;
  }

  private static @Nullable PresetShape of(String letters, int patch) {
    return switch (letters) {
      case "s" -> new PresetShape(256, 6, 8, 1024, patch);
      case "Ti" -> new PresetShape(192, 12, 3, 768, patch);
      case "S" -> new PresetShape(384, 12, 6, 1536, patch);
      case "B" -> new PresetShape(768, 12, 12, 3072, patch);
      case "L" -> new PresetShape(1024, 24, 16, 4096, patch);
      case "H" -> new PresetShape(1280, 32, 16, 5120, patch);
      case "g" -> new PresetShape(1408, 40, 16, 6144, patch);
      case "G" -> new PresetShape(1664, 48, 16, 8192, patch);
      default -> null;
    };
  }
}
