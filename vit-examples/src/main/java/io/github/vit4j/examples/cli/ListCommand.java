package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.RegistryChoice;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.zoo.registry.Family;
import io.github.vit4j.zoo.registry.Registry;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The published models. */
@Command(
    name = "list",
    description = {
      "List the published models that are known, with what they cost and reach.",
      "Parameters (in millions) and multiply-accumulates for one image (in thousands of millions)"
          + " are those of the model built here; top-1 on ImageNet-1k is the publishers' figure."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    footer = {"", "Example: vit list --family dinov2 --max-params 100"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ListCommand implements Callable<Integer> {

  private static final int WIDEST_NAME = 60;

  @Spec CommandSpec spec;

  @Option(names = "--family", paramLabel = "F", description = "Of this family, such as deit3.")
  @Nullable String family;

  @Option(
      names = "--size",
      paramLabel = "S",
      description = "Of this size: Ti, S, M, B, L, H, g, G, So400m, g-opt.")
  @Nullable String size;

  @Option(
      names = "--licence",
      paramLabel = "L",
      description = "Whose licence is, or begins with, this: Apache, MIT.")
  @Nullable String licence;

  @Option(names = "--max-params", paramLabel = "N", description = "At most N million parameters.")
  @Nullable Double maxParameters;

  @Option(names = "--max-gmacs", paramLabel = "N", description = "At most N GMACs an image.")
  @Nullable Double maxGmacs;

  @Option(names = "--with-weights", description = "Only those whose weights are published.")
  boolean withWeights;

  @Option(names = "--json", description = "Write a JSON array for programs.")
  boolean json;

  @Option(
      names = "--markdown",
      paramLabel = "FILE",
      description = "Write a page in Markdown to this file.")
  @Nullable Path markdown;

  @Mixin RegistryChoice choice;

  @Override
  public Integer call() {
    Registry registry = choice.registry();
    List<ZooRow> rows =
        registry.entries().stream().filter(asked(registry)).map(ZooRow::of).toList();
    rows = rows.stream().filter(this::isCheapEnough).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (markdown != null) {
      ZooPage.write(rows, markdown);
      out.println(Texts.count(rows.size(), "model") + " written to " + markdown);
    } else if (json) {
      out.println(Texts.json(rows.stream().map(ZooRow::report).toList()));
    } else {
      table(out, rows);
    }
    out.flush();
    return 0;
  }

  private Predicate<ZooEntry> asked(Registry registry) {
    String familyId = known("family", family, registry.families().stream().map(Family::id));
    String sizeName = known("size", size, registry.entries().stream().map(ZooEntry::size));
    String start = licence == null ? "" : licence.toLowerCase(Locale.ROOT);
    return entry ->
        (familyId == null || entry.family().id().equals(familyId))
            && (sizeName == null || entry.size().equals(sizeName))
            && entry.licence().toLowerCase(Locale.ROOT).startsWith(start)
            && (!withWeights || entry.hasWeights());
  }

  /** The letter's case tells giant from gigantic, but nothing else. */
  private static @Nullable String known(
      String what, @Nullable String asked, Stream<String> existing) {
    if (asked == null) {
      return null;
    }
    List<String> known = existing.distinct().toList();
    if (known.contains(asked)) {
      return asked;
    }
    return known.stream()
        .filter(asked::equalsIgnoreCase)
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "there is no %s '%s'; known are %s"
                        .formatted(what, asked, String.join(", ", known))));
  }

  private boolean isCheapEnough(ZooRow row) {
    return (maxParameters == null || row.parameters() <= maxParameters * 1e6)
        && (maxGmacs == null || row.macs() <= maxGmacs * 1e9);
  }

  private static void table(PrintWriter out, List<ZooRow> rows) {
    List<String> names = column(rows, row -> row.entry().name());
    int name = Math.max(4, Texts.widest(names, WIDEST_NAME));
    int licence = Math.max(7, Texts.widest(column(rows, row -> row.entry().licence()), 20));
    String format = "%-" + name + "s %8s %8s %7s %7s  %-" + licence + "s  %s";
    line(out, format, "name", "params M", "GMACs", "pixels", "top-1", "licence", "");
    for (ZooRow row : rows) {
      String remark = row.entry().hasWeights() ? row.how() : "untrained";
      line(
          out,
          format,
          row.entry().name(),
          row.millions(),
          row.gmacs(),
          row.pixels(),
          row.top1(),
          row.entry().licence(),
          remark);
    }
    out.println();
    out.println(Texts.count(rows.size(), "model") + "; 'vit info NAME' says all about one");
  }

  private static List<String> column(List<ZooRow> rows, Function<ZooRow, String> cell) {
    return rows.stream().map(cell).toList();
  }

  private static void line(PrintWriter out, String format, Object... cells) {
    out.println(String.format(Locale.ROOT, format, cells).stripTrailing());
  }
}
