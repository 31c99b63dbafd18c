package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.Exit;
import io.github.vit4j.examples.command.ProgressLine;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.zoo.reference.ReferenceCheck;
import io.github.vit4j.zoo.reference.ReferenceReport;
import io.github.vit4j.zoo.reference.ReferenceReport.Row;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Whether a model computes what another implementation computed. */
@Command(
    name = "verify",
    description = {
      "Hold models against the numbers of a reference implementation: outputs, every block,"
          + " gradients.",
      "An error is the largest difference over the largest magnitude in the reference."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class VerifyCommand implements Callable<Integer> {

  private static final String CONFIG = "config.json";

  @ParentCommand Vit vit;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "FOLDER",
      arity = "1..*",
      description = {
        "Holds config.json, weights.safetensors or weights.npz, and io.safetensors with input and"
            + " what came out; or holds such folders."
      })
  List<Path> folders;

  @Option(
      names = {"-a", "--all"},
      description = "Show every quantity, not only the worst of each folder.")
  boolean all;

  @Option(names = "--json", description = "Write a JSON array for programs.")
  boolean json;

  /** What programs get of a folder. */
  record Report(String folder, boolean holds, List<Row> rows) {}

  @Override
  public Integer call() {
    List<Path> references = references();
    List<ReferenceReport> reports = new ArrayList<>();
    try (ProgressLine progress =
        new ProgressLine("Verifying", references.size(), "models", vit.unicode())) {
      for (Path folder : references) {
        reports.add(ReferenceCheck.of(folder));
        progress.at(reports.size(), references.size());
      }
    }
    boolean holds = reports.stream().allMatch(ReferenceReport::holds);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          Texts.json(
              reports.stream()
                  .map(r -> new Report(r.folder().toString(), r.holds(), r.rows()))
                  .toList()));
    } else {
      print(reports);
    }
    out.flush();
    return holds ? 0 : Exit.BAD_RESULT;
  }

  private List<Path> references() {
    List<Path> found = new ArrayList<>();
    for (Path folder : folders) {
      List<Path> inside = Files.exists(folder.resolve(CONFIG)) ? List.of() : inside(folder);
      found.addAll(inside.isEmpty() ? List.of(folder) : inside);
    }
    return found;
  }

  private static List<Path> inside(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(entry -> Files.exists(entry.resolve(CONFIG))).sorted().toList();
    } catch (IOException e) {
      throw new BadInputException("cannot list " + folder + ": " + e, e);
    }
  }

  private void print(List<ReferenceReport> reports) {
    CommandLine command = spec.commandLine();
    int width = Texts.widest(reports.stream().map(VerifyCommand::name).toList(), 48);
    for (ReferenceReport report : reports) {
      if (all) {
        command.getOut().println(name(report));
        report.rows().forEach(row -> command.getOut().println(line("  " + row.name(), 50, row)));
      } else {
        Row worst = worst(report);
        command.getOut().println(line(name(report), width, worst) + "  " + worst.name());
      }
    }
    long wrong = reports.stream().filter(report -> !report.holds()).count();
    long quantities = reports.stream().mapToLong(report -> report.rows().size()).sum();
    command
        .getOut()
        .println(
            "%s in %s: %s"
                .formatted(
                    Texts.count(quantities, "comparison"),
                    Texts.count(reports.size(), "model"),
                    wrong == 0
                        ? "all within tolerance"
                        : Texts.count(wrong) + " beyond tolerance"));
  }

  /** The one nearest to its tolerance, or furthest beyond. */
  private static Row worst(ReferenceReport report) {
    return report.rows().stream()
        .max(Comparator.comparing(Row::holds).reversed().thenComparingDouble(VerifyCommand::strain))
        .orElseThrow();
  }

  private static double strain(Row row) {
    return row.tolerance() == 0 ? row.error() : row.error() / row.tolerance();
  }

  private static String line(String name, int width, Row row) {
    return String.format(
        Locale.ROOT,
        "%s  %-5s  %.1e of %.0e allowed",
        Texts.pad(Texts.fit(name, width), width),
        row.holds() ? "ok" : "WRONG",
        row.error(),
        row.tolerance());
  }

  private static String name(ReferenceReport report) {
    return String.valueOf(report.folder().getFileName());
  }
}
