package io.github.vit4j.examples.bench;

import com.google.gson.GsonBuilder;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.ImageFiles;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.ImageDecoder;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.inference.ImageBatches;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * What preprocessing costs a core, stage by stage, in processor time; beside Pillow, round by
 * round; and how many images a second all cores prepare.
 *
 * <p>Command: {@code ./vit bench-images FOLDER}. Figures are in {@code docs/benchmarks.md}.
 */
@Command(
    name = "bench-images",
    description = "Measure decoding, resizing and normalising on the images of a folder.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ImageBench implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FOLDER", description = "Images, at any depth.")
  private Path folder;

  @Option(
      names = "--images",
      defaultValue = "100",
      description = "Images to use. Default: ${DEFAULT-VALUE}.")
  private int images;

  @Option(
      names = "--size",
      defaultValue = "224",
      description = "Side of the model's input in pixels. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--rounds",
      defaultValue = "5",
      description = "Rounds after one to warm up; the median counts. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--threads", description = "Threads of the last line. Default: one a processor.")
  private @Nullable Integer threads;

  @Option(
      names = "--python",
      paramLabel = "COMMAND",
      description = {
        "A Python with Pillow, such as python3, to measure in turn.",
        "Without it Pillow is not measured."
      })
  private @Nullable String python;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  private boolean json;

  /**
   * What was measured: processor time in milliseconds an image, on one core.
   *
   * @param images how many
   * @param megapixels of an image, on average
   * @param decode file to pixels
   * @param resize pixels to the model's size
   * @param normalize bytes to floats
   * @param pillowDecode Pillow's, or null
   * @param pillowResize Pillow's, or null
   * @param pillowToOurs decode and resize together: Pillow's time by ours, the median of the
   *     rounds, or null
   * @param threads threads of the whole pipeline
   * @param imagesPerSecond what those prepare a second, by the clock on the wall
   */
  record Result(
      int images,
      double megapixels,
      double decode,
      double resize,
      double normalize,
      @Nullable Double pillowDecode,
      @Nullable Double pillowResize,
      @Nullable Double pillowToOurs,
      int threads,
      double imagesPerSecond) {}

  /** Processor time of one round in milliseconds an image. */
  private record Round(double decode, double resize, double normalize, double megapixels) {}

  @Override
  public Integer call() throws IOException {
    if (images < 1 || rounds < 1) {
      throw new BadInputException("--images and --rounds must be at least 1");
    }
    EvalTransform transform = EvalTransform.ofSize(size);
    List<Path> all = ImageFiles.below(folder);
    if (all.isEmpty()) {
      throw new BadInputException("there is no image below " + folder);
    }
    List<Path> files = all.subList(0, Math.min(images, all.size()));
    List<byte[]> data = new ArrayList<>();
    for (Path file : files) {
      data.add(Files.readAllBytes(file));
    }
    round(data, transform);
    List<Round> ours = new ArrayList<>();
    List<double[]> pillow = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      Round round = round(data, transform);
      ours.add(round);
      if (python != null) {
        double[] times = Pillow.measure(python, size, files);
        pillow.add(times);
        ratios.add((times[0] + times[1]) / (round.decode + round.resize));
      }
    }
    int cores = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    boolean beside = python != null;
    print(
        new Result(
            files.size(),
            ours.get(0).megapixels,
            Medians.of(ours, Round::decode),
            Medians.of(ours, Round::resize),
            Medians.of(ours, Round::normalize),
            beside ? Medians.of(pillow, times -> times[0]) : null,
            beside ? Medians.of(pillow, times -> times[1]) : null,
            beside ? Medians.of(ratios, ratio -> ratio) : null,
            cores,
            pipeline(files, transform, cores)));
    return 0;
  }

  private static Round round(List<byte[]> data, EvalTransform transform) {
    ImageDecoder decoder = new ImageDecoder();
    FloatBuffer out =
        ByteBuffer.allocateDirect(transform.floats() * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    double decode = 0;
    double resize = 0;
    double normalize = 0;
    double pixels = 0;
    for (byte[] file : data) {
      long start = processorTime();
      RgbImage image = decoder.decode(file, "image");
      long decoded = processorTime();
      RgbImage small = transform.resizeAndCrop(image);
      long resized = processorTime();
      transform.normalize(small, out.clear());
      decode += decoded - start;
      resize += resized - decoded;
      normalize += processorTime() - resized;
      pixels += image.width() * (double) image.height();
    }
    double scale = 1 / (1e6 * data.size());
    return new Round(decode * scale, resize * scale, normalize * scale, pixels * scale);
  }

  private static long processorTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static double pipeline(List<Path> files, EvalTransform transform, int threads) {
    long start = System.nanoTime();
    try (ImageBatches batches = new ImageBatches(files, transform, 32, threads)) {
      while (batches.hasNext()) {
        batches.next();
      }
    }
    return files.size() / ((System.nanoTime() - start) / 1e9);
  }

  private void print(Result r) {
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(new GsonBuilder().setPrettyPrinting().create().toJson(r));
      return;
    }
    out.printf(
        Locale.ROOT,
        "%d images of %.2f megapixels to %d x %d; processor time, one core%n%n",
        r.images,
        r.megapixels,
        size,
        size);
    out.printf(Locale.ROOT, "%-20s %10s %10s%s%n", "", "ms/image", "images/s", header());
    row("decode", r.decode, r.pillowDecode);
    row("resize", r.resize, r.pillowResize);
    Double both =
        r.pillowDecode == null || r.pillowResize == null ? null : r.pillowDecode + r.pillowResize;
    row("decode + resize", r.decode + r.resize, both);
    row("normalise", r.normalize, null);
    if (r.pillowToOurs != null) {
      out.printf(
          Locale.ROOT, "%ndecode + resize, Pillow's time / ours by rounds: %.2f%n", r.pillowToOurs);
    }
    out.printf(
        Locale.ROOT,
        "%nall of it from disk, %d threads: %.0f images/s%n",
        r.threads,
        r.imagesPerSecond);
    out.flush();
  }

  private String header() {
    return python == null ? "" : "   Pillow: ms   time by ours";
  }

  private void row(String stage, double ours, @Nullable Double pillow) {
    String beside =
        pillow == null ? "" : String.format(Locale.ROOT, "%13.2f %14.2f", pillow, pillow / ours);
    spec.commandLine()
        .getOut()
        .printf(Locale.ROOT, "%-20s %10.2f %10.0f%s%n", stage, ours, 1000 / ours, beside);
  }
}
