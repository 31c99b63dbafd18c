package io.github.vit4j.examples.bench;

import ai.djl.Device;
import ai.djl.Model;
import com.google.gson.GsonBuilder;
import io.github.vit4j.ViT;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.io.IOException;
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
 * What it costs to open a checkpoint and classify one image: time and peak resident memory, each in
 * fresh processes, beside the bare engine and a plain read of the same file.
 *
 * <p>Command: {@code ./vit bench-open}. Figures are in {@code docs/load.md}.
 */
@Command(
    name = "bench-open",
    description = "Measure the time and memory that opening a checkpoint costs; Linux only.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class OpenCost implements Callable<Integer> {

  private static final double MIB = 1 << 20;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = {
        "A checkpoint that says its architecture, or has config.json beside it.",
        "Default: a ViT-Base/16 of random weights as float32, 346 MB, written to a temporary folder."
      })
  private @Nullable Path file;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Processes of each kind; the median counts. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  private boolean json;

  /**
   * What was measured; times in seconds, memory in bytes.
   *
   * @param file size of the checkpoint
   * @param read a plain read of the file from first to last byte, 1 MiB at a time
   * @param open until the model is there
   * @param classified until the first image is classified
   * @param enginePeak peak resident memory of a process with the engine and no model
   * @param peak the same after the first classification
   */
  record Result(
      long file, double read, double open, double classified, long enginePeak, long peak) {

    double memoryRatio() {
      return (double) (peak - enginePeak) / file;
    }
  }

  private record Sample(double total, double open, long peak) {}

  @Override
  public Integer call() throws IOException {
    if (rounds < 1) {
      throw new BadInputException("--rounds must be at least 1, but is " + rounds);
    }
    if (file != null && !Files.exists(file)) {
      throw new BadInputException(file + " does not exist");
    }
    ChildJvm.requireFiguresOf("peak memory");
    if (file != null) {
      print(measure(file));
      return 0;
    }
    Path folder = Files.createTempDirectory("vit4j-bench");
    Path model = folder.resolve("vit_base_patch16_224.safetensors");
    try {
      write(model);
      print(measure(model));
    } finally {
      Files.deleteIfExists(model);
      Files.deleteIfExists(folder);
    }
    return 0;
  }

  private static void write(Path file) {
    Model model = Model.newInstance("base", Device.cpu(), "PyTorch");
    VisionTransformer network = ViT.builder().base().build();
    network.initialize(model.getNDManager());
    model.setBlock(network);
    try (ViTModel base = ViTModel.of(model, EvalTransform.ofSize(224), Label.numbered(1000))) {
      base.save(file, TensorType.F32);
    }
  }

  private Result measure(Path model) throws IOException {
    String path = model.toString();
    List<Sample> engine = new ArrayList<>();
    List<Sample> read = new ArrayList<>();
    List<Sample> classify = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      engine.add(sample("engine"));
      read.add(sample("read", path));
      classify.add(sample("classify", path));
    }
    return new Result(
        Files.size(model),
        Medians.of(read, Sample::total),
        Medians.of(classify, Sample::open),
        Medians.of(classify, Sample::total),
        (long) Medians.of(engine, Sample::peak),
        (long) Medians.of(classify, Sample::peak));
  }

  private static Sample sample(String... arguments) throws IOException {
    String[] line = ChildJvm.run(OpenOnce.class, List.of(), arguments).split(" ");
    return new Sample(
        Long.parseLong(line[0]) / 1e9, Long.parseLong(line[1]) / 1e9, Long.parseLong(line[2]));
  }

  private void print(Result r) {
    var out = spec.commandLine().getOut();
    if (json) {
      out.println(new GsonBuilder().setPrettyPrinting().create().toJson(r));
      return;
    }
    out.printf(
        Locale.ROOT,
        """
        file                               %8.1f MiB
        plain read                         %8.2f s
        open                               %8.2f s
        open and first classification      %8.2f s
        peak memory, engine only           %8.1f MiB
        peak memory, first classification  %8.1f MiB
        the model's share / file           %8.2f
        """,
        r.file / MIB,
        r.read,
        r.open,
        r.classified,
        r.enginePeak / MIB,
        r.peak / MIB,
        r.memoryRatio());
    out.flush();
  }
}
