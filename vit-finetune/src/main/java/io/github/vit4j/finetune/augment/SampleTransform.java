package io.github.vit4j.finetune.augment;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.RgbImage;
import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;

/** From a decoded image of any size to the normalised pixels that a model reads. */
public interface SampleTransform {

  /** {@return rows of the result} */
  int height();

  /** {@return columns of the result} */
  int width();

  /**
   * Writes one image at the buffer's position and moves the position behind it.
   *
   * @param image of any size
   * @param out room for {@code 3 * height * width} values, (3, H, W)
   * @param random where every draw comes from
   * @throws BadInputException if the image cannot be brought to this size
   */
  void apply(RgbImage image, FloatBuffer out, RandomGenerator random);

  /**
   * {@return the evaluation transform, which draws nothing}
   *
   * @param transform the model's preprocessing
   */
  static SampleTransform of(EvalTransform transform) {
    return new Plain(transform);
  }

  /**
   * The evaluation transform.
   *
   * @param transform the model's preprocessing
   */
  record Plain(EvalTransform transform) implements SampleTransform {

    @Override
    public int height() {
      return transform.height();
    }

    @Override
    public int width() {
      return transform.width();
    }

    @Override
    public void apply(RgbImage image, FloatBuffer out, RandomGenerator random) {
      transform.apply(image, out);
    }
  }
}
