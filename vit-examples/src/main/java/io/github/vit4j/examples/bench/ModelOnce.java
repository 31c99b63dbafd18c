package io.github.vit4j.examples.bench;

import ai.djl.ndarray.NDManager;
import com.google.gson.Gson;
import com.sun.management.OperatingSystemMXBean;
import io.github.vit4j.examples.bench.BenchCase.Work;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.export.OnnxExport;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One measurement of {@link ModelBench} in a fresh process; prints a {@link Measured} as JSON. */
final class ModelOnce {

  private static final int WARM_UP = 2;
  private static final int LEAST = 3;

  private ModelOnce() {}

  /**
   * What was measured.
   *
   * @param seconds a batch takes, the median
   * @param processorSeconds a batch takes of all processors together, on average
   * @param peakBytes the most memory that the process has held
   * @param flops floating-point operations a second, or 0 where they are not counted
   * @param ceiling what a plain large product reaches right after
   */
  record Measured(
      double seconds, double processorSeconds, long peakBytes, double flops, double ceiling) {}

  /**
   * Measures.
   *
   * @param arguments {@code export CASE FILE}, or {@code run CASE WAY FILE THREADS SECONDS}
   * @throws Exception whatever a way throws
   */
  public static void main(String[] arguments) throws Exception {
    ChildJvm.measure(() -> measure(arguments));
  }

  private static void measure(String[] arguments) throws Exception {
    BenchCase wanted = BenchCase.parse(arguments[1]);
    if (arguments[0].equals("export")) {
      export(wanted, Path.of(arguments[2]));
      System.out.println("done");
      return;
    }
    int threads = Integer.parseInt(arguments[4]);
    try (Forward forward = open(wanted, arguments[2], Path.of(arguments[3]), threads)) {
      Measured measured = measure(forward, wanted, Double.parseDouble(arguments[5]), threads);
      System.out.println(new Gson().toJson(measured));
    }
  }

  private static void export(BenchCase wanted, Path file) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      VisionTransformer model = wanted.builder().build();
      model.initialize(manager);
      OnnxExport.write(model, file, Map.of());
    }
  }

  private static Forward open(BenchCase wanted, String way, Path file, int threads)
      throws Exception {
    return wanted.work() == Work.inference
        ? Way.named(way).opener().open(wanted, file, threads)
        : new TrainingLoop(wanted, threads);
  }

  private static Measured measure(Forward forward, BenchCase wanted, double seconds, int threads)
      throws Exception {
    FloatBuffer pixels = pixels(wanted);
    for (int i = 0; i < WARM_UP; i++) {
      forward.run(pixels);
    }
    List<Double> times = new ArrayList<>();
    long start = System.nanoTime();
    long processor = processorTime();
    while (times.size() < LEAST || System.nanoTime() - start < seconds * 1e9) {
      long begin = System.nanoTime();
      forward.run(pixels);
      times.add((System.nanoTime() - begin) / 1e9);
    }
    double used = (processorTime() - processor) / 1e9 / times.size();
    double median = Medians.of(times, time -> time);
    long peak = ChildJvm.peakResident(); // before the ceiling is measured, which takes memory, too
    return new Measured(median, used, peak, wanted.flops() / median, Ceiling.measure(threads));
  }

  private static long processorTime() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static FloatBuffer pixels(BenchCase wanted) {
    int count = Math.multiplyExact(wanted.batch() * 3, wanted.size() * wanted.size());
    FloatBuffer pixels =
        ByteBuffer.allocateDirect(Math.multiplyExact(count, Float.BYTES))
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    Random random = new Random(0);
    while (pixels.hasRemaining()) {
      pixels.put((float) random.nextGaussian());
    }
    return pixels.flip();
  }
}
