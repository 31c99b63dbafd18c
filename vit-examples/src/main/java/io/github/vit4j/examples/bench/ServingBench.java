package io.github.vit4j.examples.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.modality.Classifications;
import com.google.gson.GsonBuilder;
import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.bench.BenchCase.Precision;
import io.github.vit4j.examples.bench.BenchCase.Shape;
import io.github.vit4j.examples.bench.BenchCase.Work;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.inference.BatchingPredictor;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Latency and throughput of single images from several clients, each of whom asks again as soon as
 * it has its answer: every client running the model itself, beside one batching predictor.
 *
 * <p>Command: {@code ./vit bench-serve}. Figures are in {@code docs/serving.md}.
 */
@Command(
    name = "bench-serve",
    description = "Measure latency and throughput of many small requests, batched and not.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ServingBench implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--architecture",
      defaultValue = "Ti",
      description = "Ti, S, B, S18x2 or S36x1, of random weights. Default: ${DEFAULT-VALUE}.")
  private String model;

  @Option(
      names = "--size",
      defaultValue = "224",
      description = "Side of the images in pixels. Default: ${DEFAULT-VALUE}.")
  private int size;

  @Option(
      names = "--clients",
      split = ",",
      defaultValue = "1,4,16",
      description = "Clients at a time. Default: ${DEFAULT-VALUE}.")
  private List<Integer> clients;

  @Option(
      names = "--max-batch",
      defaultValue = "16",
      description = "Images that the model sees at once. Default: ${DEFAULT-VALUE}.")
  private int maxBatch;

  @Option(
      names = "--max-wait",
      defaultValue = "5",
      description = "How long a batch waits for more, in milliseconds. Default: ${DEFAULT-VALUE}.")
  private int maxWait;

  @Option(
      names = "--queue",
      defaultValue = "256",
      description = "Requests that may wait. Default: ${DEFAULT-VALUE}.")
  private int queue;

  @Option(
      names = "--seconds",
      defaultValue = "5",
      description = "How long each line is measured. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(names = "--threads", description = "Threads of the engine. Default: one a processor.")
  private @Nullable Integer threads;

  @Option(names = "--json", description = "Write a JSON array for programs.")
  private boolean json;

  /**
   * A line of the table.
   *
   * @param clients at a time
   * @param batched by the batching predictor, or by each client on its own
   * @param imagesPerSecond of all clients together
   * @param p50 median latency in milliseconds
   * @param p90 what 90 of 100 requests keep
   * @param p99 what 99 of 100 requests keep
   * @param meanBatch images that the model saw at once
   */
  record Row(
      int clients,
      boolean batched,
      double imagesPerSecond,
      double p50,
      double p90,
      double p99,
      double meanBatch) {}

  @Override
  public Integer call() throws InterruptedException, ExecutionException {
    Shape shape = BenchCase.named(Shape.class, "--architecture", model);
    if (clients.stream().anyMatch(count -> count < 1 || count > 1024) || !(seconds >= 0)) {
      throw new BadInputException("--clients must be 1 to 1024 and --seconds at least 0");
    }
    if (threads != null) {
      EngineThreads.set(threads);
    }
    List<Row> rows = new ArrayList<>();
    try (ViTModel opened = open(shape)) {
      RgbImage image = photo();
      opened.classify(image); // starts the engine
      header();
      for (int count : clients) {
        rows.add(shown(alone(opened, image, count)));
        rows.add(shown(batched(opened, image, count)));
      }
    }
    if (json) {
      var out = spec.commandLine().getOut();
      out.println(new GsonBuilder().setPrettyPrinting().create().toJson(rows));
    }
    return 0;
  }

  private ViTModel open(Shape shape) {
    Model djl = Model.newInstance("serve", Device.cpu(), "PyTorch");
    VisionTransformer network =
        new BenchCase(shape, size, 1, Precision.float32, Work.inference).builder().build();
    network.initialize(djl.getNDManager());
    network.freezeParameters(true);
    djl.setBlock(network);
    return ViTModel.of(djl, EvalTransform.ofSize(size), Label.numbered(1000));
  }

  private static RgbImage photo() {
    byte[] rgb = new byte[3 * 500 * 375];
    new Random(0).nextBytes(rgb);
    return RgbImage.of(500, 375, rgb);
  }

  private Row alone(ViTModel opened, RgbImage image, int count)
      throws InterruptedException, ExecutionException {
    Load load = load(opened::classify, image, count);
    return row(count, false, load, 1);
  }

  private Row batched(ViTModel opened, RgbImage image, int count)
      throws InterruptedException, ExecutionException {
    try (BatchingPredictor<Classifications> server =
        opened
            .batching()
            .maxBatch(maxBatch)
            .maxWait(Duration.ofMillis(maxWait))
            .queue(queue)
            .start()) {
      Load load = load(server::predict, image, count);
      return row(count, true, load, server.stats().meanBatch());
    }
  }

  private record Load(long[] nanos, double seconds) {}

  private Load load(Consumer<RgbImage> answer, RgbImage image, int count)
      throws InterruptedException, ExecutionException {
    ConcurrentLinkedQueue<Long> nanos = new ConcurrentLinkedQueue<>();
    ExecutorService pool = Executors.newFixedThreadPool(count);
    long start = System.nanoTime();
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        running.add(
            pool.submit(
                () -> {
                  do {
                    long asked = System.nanoTime();
                    answer.accept(image);
                    nanos.add(System.nanoTime() - asked);
                  } while (System.nanoTime() - start < seconds * 1e9);
                }));
      }
      for (Future<?> client : running) {
        client.get();
      }
    } finally {
      pool.shutdownNow();
    }
    double took = (System.nanoTime() - start) / 1e9;
    return new Load(nanos.stream().mapToLong(Long::longValue).sorted().toArray(), took);
  }

  private static Row row(int count, boolean batched, Load load, double meanBatch) {
    return new Row(
        count,
        batched,
        load.nanos.length / load.seconds,
        percentile(load.nanos, 50),
        percentile(load.nanos, 90),
        percentile(load.nanos, 99),
        meanBatch);
  }

  private static double percentile(long[] sorted, int percent) {
    return sorted[(int) Math.ceil(percent / 100.0 * sorted.length) - 1] / 1e6;
  }

  private void header() {
    if (!json) {
      print(
          String.format(
              Locale.ROOT,
              "%7s  %-8s %9s %9s %9s %9s %11s",
              "clients",
              "",
              "images/s",
              "p50 ms",
              "p90 ms",
              "p99 ms",
              "mean batch"));
    }
  }

  private Row shown(Row row) {
    if (!json) {
      print(
          String.format(
              Locale.ROOT,
              "%7d  %-8s %9.1f %9.1f %9.1f %9.1f %11.1f",
              row.clients,
              row.batched ? "batched" : "alone",
              row.imagesPerSecond,
              row.p50,
              row.p90,
              row.p99,
              row.meanBatch));
    }
    return row;
  }

  private void print(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
