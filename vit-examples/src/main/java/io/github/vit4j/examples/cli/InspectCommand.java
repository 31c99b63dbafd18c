package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import io.github.vit4j.zoo.checkpoint.TorchFile;
import io.github.vit4j.zoo.names.NameConverters;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What is in a checkpoint. */
@Command(
    name = "inspect",
    description = {
      "Show the tensors of a checkpoint, what it says about itself, and whose names it uses.",
      "Values are not read, and nothing in a PyTorch file is run."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class InspectCommand implements Callable<Integer> {

  private static final int LONGEST_VALUE = 100;

  @Spec CommandSpec spec;
  @Mixin CheckpointArguments checkpoint;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  boolean json;

  /** One tensor, for programs. */
  record Tensor(String name, String dtype, List<Long> shape, long bytes) {}

  /**
   * What programs get.
   *
   * @param selected the key of the dictionary, of a PyTorch file
   * @param selectable all such keys
   * @param parameters elements of all tensors of floating-point numbers
   */
  record Report(
      String file,
      @Nullable String selected,
      List<String> selectable,
      @Nullable String family,
      long parameters,
      long bytes,
      Map<String, String> metadata,
      List<Tensor> tensors) {

    static Report of(Checkpoint file) {
      Collection<TensorInfo> infos = file.tensors();
      TorchFile torch = file instanceof TorchFile t ? t : null;
      return new Report(
          file.source().toString(),
          torch == null ? null : torch.selected(),
          torch == null ? List.of() : torch.selectable(),
          family(file),
          infos.stream().filter(i -> i.type().isFloat()).mapToLong(TensorInfo::elements).sum(),
          infos.stream().mapToLong(TensorInfo::bytes).sum(),
          new TreeMap<>(file.metadata()),
          infos.stream()
              .map(i -> new Tensor(i.name(), i.type().name(), i.shape(), i.bytes()))
              .toList());
    }

    private static @Nullable String family(Checkpoint file) {
      try {
        return NameConverters.detect(file).family();
      } catch (BadInputException e) {
        return null;
      }
    }
  }

  @Override
  public Integer call() {
    try (Checkpoint file = checkpoint.loader().checkpoint()) {
      Report report = Report.of(file);
      PrintWriter out = spec.commandLine().getOut();
      if (json) {
        out.println(Texts.json(report));
      } else {
        print(report, out);
      }
      out.flush();
    }
    return 0;
  }

  private static void print(Report report, PrintWriter out) {
    out.println(report.file);
    List<String> names = report.tensors.stream().map(t -> clean(t.name())).toList();
    int widest = Texts.widest(names, Integer.MAX_VALUE);
    for (int i = 0; i < names.size(); i++) {
      Tensor tensor = report.tensors.get(i);
      out.println(
          "  %s  %s  %s"
              .formatted(
                  Texts.pad(names.get(i), widest), Texts.pad(tensor.dtype(), 7), tensor.shape()));
    }
    out.println();
    out.println(
        "%s, %s, %s"
            .formatted(
                Texts.count(report.tensors.size(), "tensor"),
                Texts.count(report.parameters, "parameter"),
                Texts.count(report.bytes, "byte")));
    out.println(
        report.family == null
            ? "names: of no family that is known"
            : "names: those of " + report.family);
    if (report.selected != null && !report.selected.isEmpty()) {
      out.println("selected: " + clean(report.selected));
    }
    if (report.selectable.size() > 1) {
      out.println(
          "--select can be: "
              + String.join(", ", report.selectable.stream().map(InspectCommand::clean).toList()));
    }
    report.metadata.forEach(
        (key, value) ->
            out.println("%s: %s".formatted(clean(key), Texts.fit(clean(value), LONGEST_VALUE))));
  }

  /** Text from a file nobody vouches for, without what a terminal would obey. */
  private static String clean(String text) {
    String quoted = Shown.quoted(text);
    return quoted.substring(1, quoted.length() - 1);
  }
}
