package io.github.vit4j.image;

import com.google.gson.annotations.SerializedName;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** Pillow's resampling filters, as far as timm's configurations name them. */
public enum Resampling {
  /** The nearest pixel, no averaging. */
  @SerializedName("nearest")
  NEAREST(0),
  /** The mean of the pixels under the target pixel. */
  @SerializedName("box")
  BOX(0.5),
  /** Triangle filter, widened when shrinking. */
  @SerializedName("bilinear")
  BILINEAR(1),
  /** Keys' cubic with a = -0.5, widened when shrinking. */
  @SerializedName("bicubic")
  BICUBIC(2),
  /** Windowed sinc with three lobes, widened when shrinking. */
  @SerializedName("lanczos")
  LANCZOS(3);

  /** Half the filter's width in source pixels, when not shrinking. */
  final double support;

  Resampling(double support) {
    this.support = support;
  }

  /**
   * @param name as configurations write it: {@code nearest}, {@code box}, {@code bilinear}, {@code
   *     bicubic}, {@code lanczos}; case does not matter
   * @return the filter
   * @throws BadInputException if there is none of that name
   */
  public static Resampling named(String name) {
    for (Resampling filter : values()) {
      if (filter.jsonName().equals(name.toLowerCase(Locale.ROOT))) {
        return filter;
      }
    }
    throw new BadInputException(
        "There is no interpolation %s: use one of %s."
            .formatted(
                Shown.quoted(name),
                Arrays.stream(values())
                    .map(Resampling::jsonName)
                    .collect(Collectors.joining(", "))));
  }

  /**
   * @return the name as configurations write it, {@code "bicubic"}
   */
  public String jsonName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The filter's value at a distance from the target's centre; Pillow's formulas, term by term. */
  double weight(double x) {
    return switch (this) {
      case NEAREST -> throw new IllegalStateException("nearest copies pixels, it weighs none");
      case BOX -> x > -0.5 && x <= 0.5 ? 1 : 0;
      case BILINEAR -> Math.abs(x) < 1 ? 1 - Math.abs(x) : 0;
      case BICUBIC -> cubic(Math.abs(x));
      case LANCZOS -> x >= -3 && x < 3 ? sinc(x) * sinc(x / 3) : 0;
    };
  }

  private static double cubic(double x) {
    double a = -0.5;
    if (x < 1) {
      return ((a + 2) * x - (a + 3)) * x * x + 1;
    }
    return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
  }

  private static double sinc(double x) {
    return x == 0 ? 1 : StrictMath.sin(x * Math.PI) / (x * Math.PI);
  }
}
