package io.github.vit4j.compute;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import io.github.vit4j.error.BadInputException;

/**
 * How many threads the engine computes one operation with. It is one number for the whole process;
 * by default the engine takes one a core.
 */
public final class EngineThreads {

  private static final int MOST = 1024;

  private EngineThreads() {}

  /**
   * Sets the number of threads. Starts the engine if it does not run yet.
   *
   * @param threads 1 to 1024; counts for every model in this process
   * @throws BadInputException if it is none of these
   */
  public static void set(int threads) {
    require(threads);
    Engine.getEngine("PyTorch");
    JniUtils.setNumThreads(threads);
  }

  /**
   * Checks a number of threads without starting the engine.
   *
   * @param threads 1 to 1024
   * @return the same number
   * @throws BadInputException if it is none of these
   */
  public static int require(int threads) {
    if (threads < 1 || threads > MOST) {
      throw new BadInputException(
          "the engine cannot compute with %d threads; use 1 to %d".formatted(threads, MOST));
    }
    return threads;
  }

  /** {@return the number of threads; starts the engine if it does not run yet} */
  public static int get() {
    Engine.getEngine("PyTorch");
    return JniUtils.getNumThreads();
  }
}
