package io.github.vit4j.examples.bench;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table: medians over the rounds.
 *
 * @param model which architecture
 * @param size side of the images in pixels
 * @param batch images at once
 * @param precision what products are computed in
 * @param work what is done with the model
 * @param way how
 * @param imagesPerSecond by the clock on the wall
 * @param processorSecondsPerImage of all processors together
 * @param peakMiB the most memory that the process has held
 * @param gigaflops a second, or 0 where they are not counted
 * @param ceiling what a plain large product reaches, in the same unit
 * @param toOnnxRuntime our images a second by ONNX Runtime's, the median of the pairs
 * @param toBeside our images a second by the other command's, the median of the pairs
 */
record ModelResult(
    String model,
    int size,
    int batch,
    String precision,
    String work,
    String way,
    double imagesPerSecond,
    double processorSecondsPerImage,
    double peakMiB,
    double gigaflops,
    double ceiling,
    @Nullable Double toOnnxRuntime,
    @Nullable Double toBeside) {

  static String header() {
    return String.format(
        Locale.ROOT,
        "%-6s %4s %5s %-9s %-16s %-12s %8s %10s %8s %8s %8s %7s %7s",
        "model",
        "px",
        "batch",
        "precision",
        "work",
        "way",
        "images/s",
        "CPU ms/img",
        "peak MiB",
        "GFLOP/s",
        "ceiling",
        "/ORT",
        "/beside");
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%-6s %4d %5d %-9s %-16s %-12s %8.2f %10.1f %8.0f %8s %8.0f %7s %7s",
        model,
        size,
        batch,
        precision,
        work.replace('_', ' '),
        way,
        imagesPerSecond,
        1000 * processorSecondsPerImage,
        peakMiB,
        gigaflops > 0 ? String.format(Locale.ROOT, "%.0f", gigaflops) : "",
        ceiling,
        ratio(toOnnxRuntime),
        ratio(toBeside));
  }

  private static String ratio(@Nullable Double value) {
    return value == null ? "" : String.format(Locale.ROOT, "%.2f", value);
  }
}
