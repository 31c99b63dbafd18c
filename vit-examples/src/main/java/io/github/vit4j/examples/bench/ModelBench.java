package io.github.vit4j.examples.bench;

import ai.djl.engine.Engine;
import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.bench.BenchCase.Precision;
import io.github.vit4j.examples.bench.BenchCase.Shape;
import io.github.vit4j.examples.bench.BenchCase.Work;
import io.github.vit4j.examples.bench.ModelOnce.Measured;
import io.github.vit4j.file.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Speed and memory of models of random weights, each measurement in a process of its own; ways of
 * running them, and another program, take turns, so that a ratio compares neighbours in time.
 *
 * <p>Command: {@code ./vit bench}. Figures are in {@code docs/benchmarks.md}.
 */
@Command(
    name = "bench",
    description = "Measure speed and memory of inference and training; Linux only.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {"", "Example: vit bench --models s --batches 1,16 --threads 2 --json speed.json"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class ModelBench implements Callable<Integer> {

  private static final double MIB = 1 << 20;

  @Spec private CommandSpec spec;

  @Option(
      names = "--models",
      split = ",",
      defaultValue = "Ti,S,B,S18x2,S36x1",
      description = "Architectures, patches of 16 pixels. Default: ${DEFAULT-VALUE}.")
  private List<String> models;

  @Option(
      names = "--sizes",
      split = ",",
      defaultValue = "224,384",
      description = "Sides of the images in pixels. Default: ${DEFAULT-VALUE}.")
  private List<Integer> sizes;

  @Option(
      names = "--batches",
      split = ",",
      defaultValue = "1,16",
      description = "Images at once. Default: ${DEFAULT-VALUE}.")
  private List<Integer> batches;

  @Option(
      names = "--precisions",
      split = ",",
      defaultValue = "float32,bfloat16",
      description =
          "float32, bfloat16, int8; what no way has is left out. Default: ${DEFAULT-VALUE}.")
  private List<String> precisions;

  @Option(
      names = "--work",
      split = ",",
      defaultValue = "inference,train,train-attention",
      description =
          "inference, train, train-recompute, train-attention. Default: ${DEFAULT-VALUE}.")
  private List<String> work;

  @Option(
      names = "--ways",
      split = ",",
      defaultValue = "block,compiled,onnxruntime",
      description =
          "How to run inference: block, compiled, onnxruntime. Default: ${DEFAULT-VALUE}.")
  private List<String> ways;

  @Option(names = "--threads", description = "Threads. Default: one a processor.")
  private @Nullable Integer threads;

  @Option(
      names = "--seconds",
      defaultValue = "3",
      description = "How long one measurement takes at least. Default: ${DEFAULT-VALUE}.")
  private double seconds;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Measurements of each, in turn; the median counts. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--beside",
      paramLabel = "COMMAND",
      description = {
        "Another program to run in turn with ours. {model}, {size}, {batch}, {precision}, {work},"
            + " {threads} and {seconds} are filled in; the last word that it prints is the images a"
            + " second.",
        "Words are parted by blanks; there are no quotes."
      })
  private @Nullable String beside;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Where to write the rows and the machine; after every row, so none is lost.")
  private @Nullable Path json;

  private final List<ModelResult> results = new ArrayList<>();
  private final Map<String, Path> exported = new LinkedHashMap<>();

  @Override
  public Integer call() throws IOException {
    if (rounds < 1 || !(seconds >= 0)) {
      throw new BadInputException("--rounds must be at least 1 and --seconds at least 0");
    }
    int used = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
    EngineThreads.require(used);
    List<Way> chosen = ways.stream().map(Way::named).toList();
    List<BenchCase> cases = cases();
    cases.removeIf(wanted -> able(wanted, chosen).isEmpty());
    if (cases.isEmpty()) {
      throw new BadInputException("none of --ways computes in the precision of --precisions");
    }
    ChildJvm.requireFiguresOf("peak memory");
    Path folder = Files.createTempDirectory("vit4j-bench");
    try {
      spec.commandLine().getOut().println(ModelResult.header());
      for (int i = 0; i < cases.size(); i++) {
        measure(cases.get(i), chosen, used, folder, "[%d/%d] ".formatted(i + 1, cases.size()));
      }
    } finally {
      for (Path file : exported.values()) {
        Files.deleteIfExists(file);
      }
      Files.deleteIfExists(folder);
    }
    return 0;
  }

  private List<BenchCase> cases() {
    List<BenchCase> cases = new ArrayList<>();
    for (String kind : work) {
      for (String model : models) {
        for (int size : sizes) {
          for (int batch : batches) {
            for (String precision : precisions) {
              BenchCase wanted =
                  new BenchCase(
                      BenchCase.named(Shape.class, "--models", model),
                      size,
                      batch,
                      BenchCase.named(Precision.class, "--precisions", precision),
                      BenchCase.named(Work.class, "--work", kind));
              if (batch < 1 || batch > 1024) {
                throw new BadInputException("--batches must be 1 to 1024, but one is " + batch);
              }
              wanted.builder().config(); // refuses an impossible size before anything runs
              cases.add(wanted);
            }
          }
        }
      }
    }
    return cases;
  }

  private static List<Way> able(BenchCase wanted, List<Way> chosen) {
    if (wanted.work() != Work.inference) {
      return wanted.precision() == Precision.int8 ? List.of() : List.of(Way.named(Way.BLOCK));
    }
    return chosen.stream().filter(way -> way.precisions().contains(wanted.precision())).toList();
  }

  private void measure(BenchCase wanted, List<Way> chosen, int used, Path folder, String progress)
      throws IOException {
    List<Way> able = able(wanted, chosen);
    Map<Way, List<Measured>> measured = new LinkedHashMap<>();
    List<Double> other = new ArrayList<>();
    for (int round = 1; round <= rounds; round++) {
      for (Way way : able) {
        say(
            "%s%s, %s, round %d of %d"
                .formatted(progress, wanted.text(), way.name(), round, rounds));
        measured
            .computeIfAbsent(way, key -> new ArrayList<>())
            .add(once(wanted, way, used, folder));
      }
      if (beside != null) {
        say("%s%s, beside, round %d of %d".formatted(progress, wanted.text(), round, rounds));
        other.add(OtherProgram.imagesPerSecond(beside, wanted, used, seconds));
      }
    }
    for (Way way : able) {
      ModelResult row = row(wanted, way, measured, other);
      results.add(row);
      spec.commandLine().getOut().println(row);
      spec.commandLine().getOut().flush();
    }
    writeJson(used);
  }

  private Measured once(BenchCase wanted, Way way, int used, Path folder) throws IOException {
    Path file = folder.resolve("unused");
    if (way.exported()) {
      String name = wanted.model() + "_" + wanted.size() + ".onnx";
      file = folder.resolve(name);
      if (exported.putIfAbsent(name, file) == null) {
        ChildJvm.run(ModelOnce.class, List.of(), "export", wanted.text(), file.toString());
      }
    }
    String line =
        ChildJvm.run(
            ModelOnce.class,
            List.of(),
            "run",
            wanted.text(),
            way.name(),
            file.toString(),
            Integer.toString(used),
            Double.toString(seconds));
    return new Gson().fromJson(line, Measured.class);
  }

  private static ModelResult row(
      BenchCase wanted, Way way, Map<Way, List<Measured>> measured, List<Double> other) {
    List<Measured> own = measured.getOrDefault(way, List.of());
    double seconds = Medians.of(own, Measured::seconds);
    Way peer = Way.named(Way.ONNX_RUNTIME);
    List<Double> peerSpeeds =
        way.equals(peer)
            ? List.of()
            : measured.getOrDefault(peer, List.of()).stream()
                .map(m -> wanted.batch() / m.seconds())
                .toList();
    return new ModelResult(
        wanted.model().name(),
        wanted.size(),
        wanted.batch(),
        wanted.precision().name(),
        wanted.work().name(),
        way.name(),
        wanted.batch() / seconds,
        Medians.of(own, Measured::processorSeconds) / wanted.batch(),
        Medians.of(own, Measured::peakBytes) / MIB,
        Medians.of(own, Measured::flops) / 1e9,
        Medians.of(own, Measured::ceiling) / 1e9,
        pairs(wanted, own, peerSpeeds),
        pairs(wanted, own, other));
  }

  /** The median of the ratios round by round, of our images a second by theirs. */
  private static @Nullable Double pairs(BenchCase wanted, List<Measured> own, List<Double> theirs) {
    if (theirs.isEmpty()) {
      return null;
    }
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < own.size(); i++) {
      ratios.add(wanted.batch() / own.get(i).seconds() / theirs.get(i));
    }
    return Medians.of(ratios, ratio -> ratio);
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
    spec.commandLine().getErr().flush();
  }

  private void writeJson(int used) {
    if (json == null) {
      return;
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("processor", Processor.name());
    all.put("threads", used);
    all.put("java", System.getProperty("java.version"));
    all.put("engine", "PyTorch " + Engine.getEngine("PyTorch").getVersion());
    all.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
    all.put("rounds", rounds);
    all.put("seconds", seconds);
    all.put("results", results);
    String text = new GsonBuilder().setPrettyPrinting().create().toJson(all) + "\n";
    WholeFile.write(json, text.getBytes(StandardCharsets.UTF_8));
  }
}
