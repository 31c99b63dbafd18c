package io.github.vit4j.examples.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.zoo.ViTModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** One measurement in a fresh process; prints nanoseconds and the peak of its memory in bytes. */
final class OpenOnce {

  private OpenOnce() {}

  /**
   * Measures.
   *
   * @param arguments {@code engine}, {@code read FILE} or {@code classify FILE}
   * @throws Exception if the file cannot be read
   */
  public static void main(String[] arguments) throws Exception {
    ChildJvm.measure(() -> measure(arguments));
  }

  private static void measure(String[] arguments) throws IOException {
    switch (arguments[0]) {
      case "engine" -> report(engine(), 0);
      case "read" -> {
        long start = System.nanoTime();
        read(Path.of(arguments[1]));
        report(start, 0);
      }
      default -> {
        engine();
        Path file = Path.of(arguments[1]);
        long start = System.nanoTime();
        try (ViTModel model = ViTModel.open(file)) {
          long open = System.nanoTime() - start;
          int side = model.preprocessing().height();
          model.logits(List.of(RgbImage.of(side, side, new byte[3 * side * side])));
          report(start, open);
        }
      }
    }
  }

  private static long engine() {
    long start = System.nanoTime();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray ones = manager.ones(new Shape(8, 8));
      ones.matMul(ones).toFloatArray();
    }
    return start;
  }

  private static void read(Path file) throws IOException {
    byte[] buffer = new byte[1 << 20];
    try (InputStream in = Files.newInputStream(file)) {
      while (in.read(buffer) >= 0) {
        continue;
      }
    }
  }

  private static void report(long start, long open) throws IOException {
    System.out.println((System.nanoTime() - start) + " " + open + " " + ChildJvm.peakResident());
  }
}
