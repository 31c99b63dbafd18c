package io.github.vit4j.zoo.description;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.image.CropMode;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.Resampling;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The preprocessing that a configuration file states: {@code mean}, {@code std}, {@code
 * interpolation}, and the crop either as a ratio ({@code crop_pct}) or as two sizes ({@code resize}
 * of the short side, then {@code crop}).
 */
final class TimmPreprocessing {

  private static final Map<String, Resampling> FILTERS =
      Arrays.stream(Resampling.values())
          .collect(Collectors.toMap(Resampling::jsonName, Function.identity()));
  private static final Map<String, CropMode> MODES =
      Map.of("center", CropMode.CENTER, "squash", CropMode.SQUASH);

  private TimmPreprocessing() {}

  static EvalTransform of(JsonKeys keys, ViTConfig config) {
    EvalTransform usual = EvalTransform.ofSize(config.imageHeight(), config.imageWidth());
    return usual
        .withCropRatio(cropRatio(keys, config))
        .withInterpolation(keys.word("interpolation", FILTERS, usual.interpolation()))
        .withCropMode(keys.word("crop_mode", MODES, usual.cropMode()))
        .withNormalization(
            keys.numbers("mean", 3, usual.mean()), keys.numbers("std", 3, usual.std()));
  }

  private static double cropRatio(JsonKeys keys, ViTConfig config) {
    int side = Math.min(config.imageHeight(), config.imageWidth());
    int crop = keys.integer("crop", side);
    if (crop != side) {
      throw keys.refused(
          "crop", Integer.toString(crop), "it must be the image size of the model, " + side);
    }
    if (keys.has("resize")) {
      return (double) crop / keys.integer("resize");
    }
    return keys.number("crop_pct", EvalTransform.DEFAULT_CROP_RATIO);
  }
}
