package io.github.vit4j.inference;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.TranslatorContext;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.image.RgbImage;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;

/** Turns images into the array that a model reads. */
public final class ImageInput {

  private ImageInput() {}

  /**
   * {@return a batch (B, 3, H, W)}
   *
   * @param manager owner of the array
   * @param images at least one
   * @param transform the model's preprocessing
   * @throws BadInputException if the values would take over 2 GiB
   */
  public static NDArray batch(NDManager manager, List<RgbImage> images, EvalTransform transform) {
    Shape shape = new Shape(images.size(), 3, transform.height(), transform.width());
    return manager.create(prepare(images, transform), shape);
  }

  /**
   * {@return the values of a batch (B, 3, H, W), in one direct buffer}
   *
   * @param images at least one
   * @param transform the model's preprocessing
   * @throws BadInputException if the values would take over 2 GiB
   */
  public static FloatBuffer prepare(List<RgbImage> images, EvalTransform transform) {
    FloatBuffer values = PixelBuffers.direct(images.size(), transform);
    images.forEach(image -> transform.apply(image, values));
    return values.flip();
  }

  /** What the batchifier of a translator stacks, (3, H, W). */
  static NDList single(TranslatorContext context, Image image, EvalTransform transform) {
    return new NDList(
        batch(context.getNDManager(), List.of(pixels(image)), transform)
            .squeeze(0)); // (1, 3, H, W) -> (3, H, W)
  }

  /**
   * {@return the pixels of DJL's image type}
   *
   * @param image an image of any of DJL's factories
   * @throws BadInputException if its pixels cannot be read
   */
  public static RgbImage pixels(Image image) {
    if (image.getWrappedImage() instanceof BufferedImage buffered) {
      return RgbImage.fromBufferedImage(buffered);
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try {
      image.save(png, "png");
    } catch (IOException e) {
      throw new BadInputException(
          "an image of type "
              + image.getClass().getName()
              + " cannot be read; decode it with"
              + " ImageDecoder",
          e);
    }
    return new ImageDecoder().decode(png.toByteArray(), "image");
  }
}
