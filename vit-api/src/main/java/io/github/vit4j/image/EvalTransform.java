package io.github.vit4j.image;

import io.github.vit4j.error.BadInputException;
import java.nio.FloatBuffer;
import java.util.List;

/**
 * The evaluation transform: scale, centre crop, divide by 255, subtract the mean and divide by the
 * standard deviation, as {@code timm.data.transforms_factory.transforms_imagenet_eval} composes it
 * from torchvision's transforms on Pillow images.
 *
 * <p>It has no state: one transform may be used by many threads. As a record of plain values it
 * goes to JSON and back with Gson.
 *
 * @param height of the model's input in pixels
 * @param width of the model's input in pixels
 * @param cropRatio timm's {@code crop_pct}: the image is scaled to input size / ratio before the
 *     crop; above 0
 * @param interpolation the resampling filter
 * @param cropMode keep the aspect, or squash
 * @param mean of each channel, red, green, blue, on the scale 0 to 1
 * @param std standard deviation of each channel on the same scale, above 0
 */
public record EvalTransform(
    int height,
    int width,
    double cropRatio,
    Resampling interpolation,
    CropMode cropMode,
    List<Double> mean,
    List<Double> std) {

  /** ImageNet's channel means, timm's default. */
  public static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);

  /** ImageNet's channel standard deviations, timm's default. */
  public static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);

  /** Mean of the "Inception" convention, which Google's ViT checkpoints use: -1 to 1. */
  public static final List<Double> INCEPTION_MEAN = List.of(0.5, 0.5, 0.5);

  /** Standard deviation of the "Inception" convention. */
  public static final List<Double> INCEPTION_STD = List.of(0.5, 0.5, 0.5);

  /** CIFAR-10's channel means. */
  public static final List<Double> CIFAR10_MEAN = List.of(0.4914, 0.4822, 0.4465);

  /** CIFAR-10's channel standard deviations. */
  public static final List<Double> CIFAR10_STD = List.of(0.2470, 0.2435, 0.2616);

  /** CIFAR-100's channel means. */
  public static final List<Double> CIFAR100_MEAN = List.of(0.5071, 0.4867, 0.4408);

  /** CIFAR-100's channel standard deviations. */
  public static final List<Double> CIFAR100_STD = List.of(0.2675, 0.2565, 0.2761);

  /** OpenAI CLIP's channel means. */
  public static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);

  /** OpenAI CLIP's channel standard deviations. */
  public static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);

  /** timm's crop ratio where a model names none. */
  public static final double DEFAULT_CROP_RATIO = 0.875;

  /** Larger than any model's input by far, small enough that no size overflows. */
  private static final int MAX_SIDE = 16_384;

  /** Checks every value. */
  public EvalTransform {
    if (height < 1 || width < 1 || height > MAX_SIDE || width > MAX_SIDE) {
      throw new BadInputException(
          "An input size of %d x %d (height x width) is not possible: use 1 to %d for both."
              .formatted(height, width, MAX_SIDE));
    }
    if (!(cropRatio > 0 && Math.max(height, width) / cropRatio <= 4 * MAX_SIDE)) {
      throw new BadInputException(
          "A crop ratio of %s is not possible: use a number above 0, 0.875 in most models."
              .formatted(cropRatio));
    }
    if (Math.min(height, width) / cropRatio < 1) {
      throw new BadInputException(
          "A crop ratio of %s leaves no pixel of an input of %d x %d: use a smaller ratio."
              .formatted(cropRatio, height, width));
    }
    // JSON without a field hands over null, whatever the types say
    if (interpolation == null || cropMode == null || mean == null || std == null) {
      throw new BadInputException(
          "An evaluation transform needs interpolation, cropMode, mean and std: name all four.");
    }
    checkChannels("mean", mean);
    checkChannels("std", std);
    for (double value : std) {
      if (value <= 0) {
        throw new BadInputException(
            "A standard deviation of %s is not possible: std must be above 0.".formatted(value));
      }
    }
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  private static void checkChannels(String name, List<Double> values) {
    if (values.size() != 3) {
      throw new BadInputException(
          "%s needs 3 numbers (red, green, blue), not %d.".formatted(name, values.size()));
    }
    for (Double value : values) {
      if (value == null || !Double.isFinite(value)) {
        throw new BadInputException(
            "%s holds %s: all three must be finite numbers.".formatted(name, value));
      }
    }
  }

  /**
   * timm's defaults for a square input: crop ratio 0.875, bicubic, centre crop, ImageNet mean and
   * standard deviation. Change single values with the {@code with} methods.
   *
   * @param size of the model's input in pixels, both sides
   * @return the transform
   * @throws BadInputException if the size is not possible
   */
  public static EvalTransform ofSize(int size) {
    return ofSize(size, size);
  }

  /**
   * timm's defaults for an input of any shape.
   *
   * @param height of the model's input in pixels
   * @param width of the model's input in pixels
   * @return the transform
   * @throws BadInputException if the size is not possible
   */
  public static EvalTransform ofSize(int height, int width) {
    return new EvalTransform(
        height,
        width,
        DEFAULT_CROP_RATIO,
        Resampling.BICUBIC,
        CropMode.CENTER,
        IMAGENET_MEAN,
        IMAGENET_STD);
  }

  /**
   * @param height of the model's input in pixels
   * @param width of the model's input in pixels
   * @return this transform for another input size
   */
  public EvalTransform withSize(int height, int width) {
    return new EvalTransform(height, width, cropRatio, interpolation, cropMode, mean, std);
  }

  /**
   * @param cropRatio timm's {@code crop_pct}
   * @return this transform with another crop ratio
   */
  public EvalTransform withCropRatio(double cropRatio) {
    return new EvalTransform(height, width, cropRatio, interpolation, cropMode, mean, std);
  }

  /**
   * @param interpolation the resampling filter
   * @return this transform with another filter
   */
  public EvalTransform withInterpolation(Resampling interpolation) {
    return new EvalTransform(height, width, cropRatio, interpolation, cropMode, mean, std);
  }

  /**
   * @param cropMode keep the aspect, or squash
   * @return this transform with another crop mode
   */
  public EvalTransform withCropMode(CropMode cropMode) {
    return new EvalTransform(height, width, cropRatio, interpolation, cropMode, mean, std);
  }

  /**
   * @param mean of each channel on the scale 0 to 1
   * @param std of each channel on the same scale
   * @return this transform with another normalisation
   */
  public EvalTransform withNormalization(List<Double> mean, List<Double> std) {
    return new EvalTransform(height, width, cropRatio, interpolation, cropMode, mean, std);
  }

  /**
   * @return how many floats one image becomes: {@code 3 * height * width}
   */
  public int floats() {
    return 3 * height * width;
  }

  /**
   * @param image of any size
   * @return {@code 3 * height * width} floats, (C, H, W)
   */
  public float[] apply(RgbImage image) {
    float[] out = new float[floats()];
    apply(image, FloatBuffer.wrap(out));
    return out;
  }

  /**
   * Writes one image at the buffer's position and moves the position behind it, so that calls in a
   * row fill a batch of shape (N, C, H, W).
   *
   * @param image of any size
   * @param out at least {@link #floats()} floats must remain
   * @throws BadInputException if the buffer has less room
   */
  public void apply(RgbImage image, FloatBuffer out) {
    requireRoom(out);
    normalize(resizeAndCrop(image), out);
  }

  /**
   * The arithmetic half of the transform alone: writes an image that {@link #resizeAndCrop} gave at
   * the buffer's position and moves the position behind it.
   *
   * @param cropped of exactly {@code width} x {@code height} pixels
   * @param out at least {@link #floats()} floats must remain
   * @throws BadInputException if the buffer has less room, or the image another size
   */
  public void normalize(RgbImage cropped, FloatBuffer out) {
    requireRoom(out);
    if (cropped.width() != width || cropped.height() != height) {
      throw new BadInputException(
          "An image of %d x %d cannot be normalised for an input of %d x %d: resize it first."
              .formatted(cropped.width(), cropped.height(), width, height));
    }
    byte[] rgb = cropped.pixels();
    float[] values = new float[256];
    float[] plane = new float[height * width];
    for (int channel = 0; channel < 3; channel++) {
      float channelMean = mean.get(channel).floatValue();
      float channelStd = std.get(channel).floatValue();
      for (int v = 0; v < 256; v++) {
        values[v] = (v / 255f - channelMean) / channelStd;
      }
      for (int i = 0, from = channel; i < plane.length; i++, from += 3) {
        plane[i] = values[rgb[from] & 0xff];
      }
      out.put(plane);
    }
  }

  private void requireRoom(FloatBuffer out) {
    if (out.remaining() < floats()) {
      throw new BadInputException(
          "The buffer has room for %d floats, but an image of %d x %d needs %d: give a larger one."
              .formatted(out.remaining(), height, width, floats()));
    }
  }

  /**
   * The geometric half of the transform alone, for showing what the model sees.
   *
   * @param image of any size
   * @return the pixels before normalisation, {@code width} x {@code height}
   */
  public RgbImage resizeAndCrop(RgbImage image) {
    ScaledSize scaled = ScaledSize.of(this, image.width(), image.height());
    int x = cropMode.offset(scaled.width(), width);
    int y = cropMode.offset(scaled.height(), height);
    if (x >= 0 && y >= 0) {
      return Resize.window(
          image, scaled.width(), scaled.height(), interpolation, x, y, width, height);
    }
    return Resize.to(image, scaled.width(), scaled.height(), interpolation)
        .crop(x, y, width, height);
  }
}
