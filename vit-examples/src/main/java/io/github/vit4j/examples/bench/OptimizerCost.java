package io.github.vit4j.examples.bench;

import com.google.gson.GsonBuilder;
import io.github.vit4j.ViT;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What optimisers keep between steps, in bytes a parameter and in resident memory, each in fresh
 * processes, beside the figures of "Scaling Vision Transformers" (Zhai et al. 2021, section 3.4).
 *
 * <p>Command: {@code ./vit bench-optim}. Figures are in {@code docs/fine-tuning.md}.
 */
@Command(
    name = "bench-optim",
    description = "Measure the memory and time that optimisers cost; Linux only.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class OptimizerCost implements Callable<Integer> {

  private static final double MIB = 1 << 20;

  private enum Shape {
    TINY,
    BASE
  }

  /** Its two words for the child, and what the paper says it keeps, in sizes of the weights. */
  private enum Kind {
    ADAMW("adamw", "float32", "2"),
    ADAMW_BF16("adamw", "bfloat16", "1.5"),
    ADAFACTOR("adafactor", "float32", "-"),
    ADAFACTOR_BF16("adafactor", "bfloat16", "0.5");

    final String rule;
    final String momentum;
    final String paper;

    Kind(String rule, String momentum, String paper) {
      this.rule = rule;
      this.momentum = momentum;
      this.paper = paper;
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      defaultValue = "base",
      description = "tiny or base. Default: ${DEFAULT-VALUE}.")
  private Shape shape;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Processes of each kind; the median counts. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--json", description = "Write a JSON object a line for programs.")
  private boolean json;

  /**
   * What was measured.
   *
   * @param rule of the optimiser
   * @param momentum type of its momentum
   * @param parameters of the model, of 4 bytes each
   * @param kept bytes of the arrays that are kept between steps
   * @param resident bytes of memory that came with the optimiser and its first step
   * @param seconds of a step, without forward and backward pass
   */
  record Row(
      String rule, String momentum, long parameters, long kept, long resident, double seconds) {

    double keptByWeights() {
      return (double) kept / (4 * parameters);
    }

    double residentByWeights() {
      return (double) resident / (4 * parameters);
    }
  }

  @Override
  public Integer call() throws IOException {
    if (rounds < 1) {
      throw new BadInputException("--rounds must be at least 1, but is " + rounds);
    }
    ChildJvm.requireFiguresOf("resident memory");
    PrintWriter out = spec.commandLine().getOut();
    if (!json) {
      out.printf(
          "%-10s %-9s %12s %14s %14s %8s %12s%n",
          "rule", "momentum", "B/parameter", "kept/weights", "resident/w.", "paper", "step");
    }
    for (Kind kind : Kind.values()) {
      print(kind, measure(kind), out);
      out.flush();
    }
    return 0;
  }

  private Row measure(Kind kind) throws IOException {
    String word = shape.name().toLowerCase(Locale.ROOT);
    long parameters =
        (shape == Shape.TINY ? ViT.builder().tiny() : ViT.builder().base())
            .build()
            .summary()
            .parameters();
    List<long[]> samples = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      String line =
          ChildJvm.run(
              OptimizerOnce.class,
              List.of("-Xmx512m", "-XX:+UseSerialGC"),
              kind.rule,
              kind.momentum,
              word);
      samples.add(Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray());
    }
    return new Row(
        kind.rule,
        kind.momentum,
        parameters,
        (long) Medians.of(samples, s -> s[0]),
        (long) Medians.of(samples, s -> s[1]),
        Medians.of(samples, s -> s[2]) / 1e9);
  }

  private void print(Kind kind, Row row, PrintWriter out) {
    if (json) {
      out.println(new GsonBuilder().create().toJson(row));
      return;
    }
    out.printf(
        Locale.ROOT,
        "%-10s %-9s %12.3f %14.2f %14.2f %8s %9.0f ms   (%.0f MiB kept, %.0f resident)%n",
        row.rule,
        row.momentum,
        (double) row.kept / row.parameters,
        row.keptByWeights(),
        row.residentByWeights(),
        kind.paper,
        1000 * row.seconds,
        row.kept / MIB,
        row.resident / MIB);
  }
}
