package io.github.vit4j.inference;

import java.nio.FloatBuffer;

/** Runs a model on a batch of prepared images. */
@FunctionalInterface
public interface BatchRunner {

  /**
   * {@return one row of numbers an image, in order}
   *
   * @param pixels what the model's preprocessing made of the images, (B, 3, H, W)
   * @param images how many they are
   */
  float[][] run(FloatBuffer pixels, int images);
}
