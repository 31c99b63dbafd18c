package io.github.vit4j.inference;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/** Direct buffers that hold a batch of prepared images. */
final class PixelBuffers {

  private PixelBuffers() {}

  /** Room for so many images, refused where it takes more than one buffer can have. */
  static FloatBuffer direct(int images, EvalTransform transform) {
    return ByteBuffer.allocateDirect(bytes(images, transform))
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  /** What that takes, without taking it. */
  static int bytes(int images, EvalTransform transform) {
    long bytes = (long) images * transform.floats() * Float.BYTES;
    if (bytes > Integer.MAX_VALUE) {
      throw new BadInputException(
          "a batch of %d images of %d values each takes over 2 GiB; use smaller batches"
              .formatted(images, transform.floats()));
    }
    return (int) bytes;
  }
}
