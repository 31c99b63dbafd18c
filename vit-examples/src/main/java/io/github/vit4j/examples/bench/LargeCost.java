package io.github.vit4j.examples.bench;

import com.google.gson.GsonBuilder;
import io.github.vit4j.ViT;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What one forward pass of a large model costs in time and peak memory, its values drawn or opened
 * from a file, each in a fresh process, beside a process with the engine alone.
 *
 * <p>Command: {@code ./vit bench-large}. Figures are in {@code docs/model.md}.
 */
@Command(
    name = "bench-large",
    description = {
      "Measure time and memory of a forward pass of a large model in float32; Linux only.",
      "G/14 needs a machine of 10 GB, and with --file 7.4 GB on its disk."
    },
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class LargeCost implements Callable<Integer> {

  private static final double MIB = 1 << 20;

  @Spec private CommandSpec spec;

  @Option(
      names = "--variant",
      paramLabel = "NAME",
      defaultValue = "G/14",
      description = "From s/28 to G/14. Default: ${DEFAULT-VALUE}.")
  private String variant;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = {
        "Measure opening, too: of this file, or, where there is none yet, of one that is written"
            + " there for it and deleted in the end."
      })
  private @Nullable Path file;

  @Option(names = "--json", description = "Write a JSON object a line for programs.")
  private boolean json;

  /**
   * What was measured.
   *
   * @param values where they came from
   * @param weights bytes of the weights
   * @param seconds until the values are there
   * @param first seconds of the first forward pass
   * @param second seconds of the second one
   * @param enginePeak most resident memory of a process with the engine and no model, in bytes
   * @param peak the same with the model and two forward passes
   */
  record Row(
      String values,
      long weights,
      double seconds,
      double first,
      double second,
      long enginePeak,
      long peak) {

    double ratio() {
      return (double) (peak - enginePeak) / weights;
    }
  }

  @Override
  public Integer call() throws IOException {
    long weights = 4 * ViT.builder().variant(variant).build().summary().parameters();
    ChildJvm.requireFiguresOf("peak memory");
    long engine = run("engine")[3];
    print(row("drawn", weights, engine, run("draw", variant)));
    if (file != null) {
      boolean ours = !Files.exists(file);
      try {
        if (ours) {
          run("save", variant, file.toString());
        }
        print(row("opened", weights, engine, run("open", file.toString())));
      } finally {
        if (ours) {
          Files.deleteIfExists(file);
        }
      }
    }
    return 0;
  }

  private static long[] run(String... arguments) throws IOException {
    String line = ChildJvm.run(LargeOnce.class, List.of(), arguments);
    return Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
  }

  private static Row row(String values, long weights, long engine, long[] measured) {
    return new Row(
        values,
        weights,
        measured[0] / 1e9,
        measured[1] / 1e9,
        measured[2] / 1e9,
        engine,
        measured[3]);
  }

  private void print(Row r) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new GsonBuilder().create().toJson(r));
    } else {
      out.printf(
          Locale.ROOT,
          """
          %s, values %s
          weights                         %8.1f MiB
          until the values are there      %8.1f s
          forward pass, first             %8.1f s
          forward pass, second            %8.1f s
          peak memory, engine only        %8.1f MiB
          peak memory                     %8.1f MiB
          above the engine / weights      %8.3f
          """,
          variant,
          r.values,
          r.weights / MIB,
          r.seconds,
          r.first,
          r.second,
          r.enginePeak / MIB,
          r.peak / MIB,
          r.ratio());
    }
    out.flush();
  }
}
