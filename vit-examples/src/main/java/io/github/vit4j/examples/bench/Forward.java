package io.github.vit4j.examples.bench;

import java.nio.FloatBuffer;

/** A model that is ready for forward passes on batches of one size. */
interface Forward extends AutoCloseable {

  /** From pixels (B, 3, H, W) in a direct buffer to logits on the Java side. */
  void run(FloatBuffer pixels) throws Exception;

  @Override
  void close();
}
