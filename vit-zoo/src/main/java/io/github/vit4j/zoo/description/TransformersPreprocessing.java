package io.github.vit4j.zoo.description;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.image.CropMode;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.Resampling;
import io.github.vit4j.zoo.description.TransformersModel.Processor;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * transformers' {@code preprocessor_config.json}, also as its older feature extractors wrote it.
 *
 * <p>A size is a number (the short side for CLIP and DINOv2, else a square), a height and a width
 * (the image is squashed), or {@code shortest_edge}. A crop may follow.
 */
final class TransformersPreprocessing {

  /** Pillow's codes, which the files hold. */
  private static final Map<Integer, Resampling> FILTERS =
      Map.of(
          0, Resampling.NEAREST,
          1, Resampling.LANCZOS,
          2, Resampling.BILINEAR,
          3, Resampling.BICUBIC,
          4, Resampling.BOX);

  private static final double RESCALE = 1 / 255.0;

  private final JsonKeys keys;
  private final Processor processor;
  private final ViTConfig config;

  private TransformersPreprocessing(JsonKeys keys, Processor processor, ViTConfig config) {
    this.keys = keys;
    this.processor = processor;
    this.config = config;
  }

  /**
   * @param file what lies beside the configuration, if anything does
   * @param usual which processor the model comes with
   */
  static EvalTransform of(Optional<JsonKeys> file, Processor usual, ViTConfig config) {
    JsonKeys keys = file.orElseGet(JsonKeys::none);
    return new TransformersPreprocessing(keys, processor(keys, usual), config).transform();
  }

  /** {@code ViTImageProcessorFast} and {@code ViTFeatureExtractor} are both ViT's. */
  private static Processor processor(JsonKeys keys, Processor usual) {
    String name =
        keys.text("image_processor_type")
            .or(() -> keys.text("feature_extractor_type"))
            .orElse("")
            .replaceFirst("(ImageProcessor(Fast|Pil)?|FeatureExtractor)$", "")
            .toUpperCase(Locale.ROOT);
    for (Processor processor : Processor.values()) {
      if (processor.name().equals(name)) {
        return processor;
      }
    }
    return usual;
  }

  private EvalTransform transform() {
    refuseOtherSteps();
    EvalTransform sized = sized();
    int code = keys.integer("resample", processor == Processor.VIT ? 2 : 3);
    Resampling filter = FILTERS.get(code);
    if (filter == null) {
      throw keys.wrong("'resample' is %d; known are %s".formatted(code, FILTERS.keySet()));
    }
    if (!keys.flag("do_normalize", true)) {
      return sized
          .withInterpolation(filter)
          .withNormalization(List.of(0.0, 0.0, 0.0), List.of(1.0, 1.0, 1.0));
    }
    boolean clip = processor == Processor.CLIP || processor == Processor.BIT;
    return sized
        .withInterpolation(filter)
        .withNormalization(
            keys.numbers(
                "image_mean", 3, clip ? EvalTransform.CLIP_MEAN : EvalTransform.INCEPTION_MEAN),
            keys.numbers(
                "image_std", 3, clip ? EvalTransform.CLIP_STD : EvalTransform.INCEPTION_STD));
  }

  private void refuseOtherSteps() {
    for (String step : List.of("do_resize", "do_rescale")) {
      if (!keys.flag(step, true)) {
        throw keys.wrong("'" + step + "' is false; images without this step are not supported");
      }
    }
    for (String step : List.of("do_pad", "do_flip_channel_order", "do_thumbnail")) {
      if (keys.flag(step, false)) {
        throw keys.wrong("'" + step + "' is true; this step is not supported");
      }
    }
    if (keys.has("crop_pct")) {
      throw keys.wrong("'crop_pct' is not supported; give 'size' and 'crop_size'");
    }
    double factor = keys.number("rescale_factor", RESCALE);
    if (Math.abs(factor - RESCALE) > 1e-6) {
      throw keys.wrong("'rescale_factor' is %s; it must be 1/255".formatted(factor));
    }
  }

  private EvalTransform sized() {
    boolean shortSide = processor == Processor.CLIP || processor == Processor.BIT;
    boolean crops = keys.flag("do_center_crop", shortSide || processor == Processor.DEIT);
    int[] crop = crops ? side("crop_size").sides() : null;
    Size size = size(shortSide, crop);
    if (crop == null) {
      if (size.shortest()) {
        throw keys.wrong(
            "'size' is a shortest edge, and 'do_center_crop' is false: images of all shapes would"
                + " come out, but a model takes one");
      }
      return EvalTransform.ofSize(size.height(), size.width())
          .withCropRatio(1)
          .withCropMode(CropMode.SQUASH);
    }
    double ratio = ratio(crop[0], size.height());
    if (ratio(crop[1], size.width()) != ratio || (size.shortest() && crop[0] != crop[1])) {
      throw keys.wrong(
          "'crop_size' %d x %d of 'size' %d x %d is not supported; both sides need one ratio"
              .formatted(crop[0], crop[1], size.height(), size.width()));
    }
    return EvalTransform.ofSize(crop[0], crop[1])
        .withCropRatio(ratio)
        .withCropMode(size.shortest() ? CropMode.CENTER_FLOOR : CropMode.SQUASH);
  }

  /** What an image is scaled to. */
  private record Size(int height, int width, boolean shortest) {
    int[] sides() {
      return new int[] {height, width};
    }
  }

  private Size size(boolean shortSide, int @Nullable [] crop) {
    if (keys.has("size")) {
      Size size = side("size");
      boolean number = !keys.isObject("size");
      return number && shortSide ? new Size(size.height(), size.width(), true) : size;
    }
    if (processor == Processor.DEIT && crop != null) {
      return new Size(crop[0] * 8 / 7, crop[1] * 8 / 7, false); // 256 for 224
    }
    return crop == null
        ? new Size(config.imageHeight(), config.imageWidth(), false)
        : new Size(crop[0], crop[1], shortSide);
  }

  private Size side(String key) {
    if (!keys.has(key)) {
      return new Size(config.imageHeight(), config.imageWidth(), false);
    }
    if (!keys.isObject(key)) {
      int[] sides = keys.sides(key);
      return new Size(checked(key, sides[0]), checked(key, sides[1]), false);
    }
    JsonKeys object = keys.object(key);
    if (object.has("height") && object.has("width")) {
      return new Size(
          checked(key, object.integer("height")), checked(key, object.integer("width")), false);
    }
    if (object.has("shortest_edge") && !object.has("longest_edge")) {
      int edge = checked(key, object.integer("shortest_edge"));
      return new Size(edge, edge, true);
    }
    throw keys.wrong(
        "'%s' has %s; it must be a number, or have height and width, or shortest_edge"
            .formatted(key, object.names()));
  }

  private int checked(String key, int side) {
    if (side < 1 || side > 1 << 14) {
      throw keys.wrong(
          "'%s' has a side of %d pixels; 1 to 16384 are possible".formatted(key, side));
    }
    return side;
  }

  /** crop / size, such that dividing by it gives the size again and not one pixel less. */
  private static double ratio(int crop, int size) {
    double ratio = (double) crop / size;
    return (int) Math.floor(crop / ratio) == size ? ratio : Math.nextDown(ratio);
  }
}
