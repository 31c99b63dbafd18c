package io.github.vit4j.examples.cli;

import io.github.vit4j.examples.command.OutFile;
import io.github.vit4j.file.WholeFile;
import io.github.vit4j.zoo.registry.Family;
import io.github.vit4j.zoo.registry.Source;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The registry as a page for people: {@code docs/zoo.md}. */
final class ZooPage {

  /** What writes the page again. */
  static final String COMMAND = "./vit list --markdown docs/zoo.md";

  private ZooPage() {}

  static String of(List<ZooRow> rows) {
    Map<Family, List<ZooRow>> families =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> row.entry().family(), LinkedHashMap::new, Collectors.toList()));
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Published models

        Written by `%s` from the registry in
        `vit-zoo/src/main/resources/io/github/vit4j/zoo/registry`; a test fails when it is stale. Change the
        registry, not this page. [Add your own model](own-model.md) says how.

        `vit info NAME` shows one model with its addresses, checksums, preprocessing and cost by part.
        Parameters (in millions) and multiply-accumulates for one image (in thousands of millions) are those
        of the model that this library builds; a test holds them against the published figures. Top-1 on
        ImageNet-1k, in percent, is what the publishers print, and beside it what timm measured with the
        weights on the hub. SHA-256: `full` where a public source prints all of it, `prefix` where the
        publisher's file name carries its first digits, empty where nobody prints one; the hub's ETag is then
        verified at download and pinned locally.

        """
            .formatted(COMMAND));
    page.append("| family | models | with weights | licence |\n|---|---:|---:|---|\n");
    families.forEach((family, members) -> page.append(overview(family, members)));
    families.forEach((family, members) -> section(page, family, members));
    return page.toString();
  }

  private static String overview(Family family, List<ZooRow> rows) {
    return "| [%s](#%s) | %d | %d | %s |\n"
        .formatted(
            family.title(),
            anchor(family.title()),
            rows.size(),
            rows.stream().filter(row -> row.entry().hasWeights()).count(),
            rows.stream()
                .map(row -> row.entry().licence())
                .distinct()
                .collect(Collectors.joining(", ")));
  }

  /** As GitHub makes it of a heading. */
  private static String anchor(String title) {
    return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-');
  }

  private static void section(StringBuilder page, Family family, List<ZooRow> rows) {
    page.append("\n## ")
        .append(family.title())
        .append("\n\n")
        .append(family.about())
        .append("\n\n");
    if (family.paper() != null) {
      page.append("Paper: ").append(family.paper().citation()).append('\n');
    }
    page.append("Figures from: ")
        .append(family.facts().stream().map(URI::toString).collect(Collectors.joining(", ")))
        .append("\n\n");
    row(
        page,
        "model",
        "size",
        "pixels",
        "params",
        "GMACs",
        "top-1",
        "timm",
        "trained on",
        "SHA-256");
    row(page, "---", "---", "---:", "---:", "---:", "---:", "---:", "---", "---");
    for (ZooRow row : rows) {
      ZooEntry entry = row.entry();
      String top1 = text(entry.published().top1());
      row(
          page,
          "`" + entry.name() + "`" + (entry.hasWeights() ? "" : " (untrained)"),
          entry.size(),
          row.pixels(),
          row.millions(),
          row.gmacs(),
          top1.isEmpty() || row.how().isEmpty() ? top1 : top1 + " " + row.how(),
          text(entry.published().top1Timm()),
          entry.trainedOn(),
          checksums(entry));
    }
  }

  private static String text(@Nullable BigDecimal number) {
    return number == null ? "" : number.toPlainString();
  }

  private static String checksums(ZooEntry entry) {
    if (entry.sources().stream().anyMatch(Source::hasCompleteSha256)) {
      return "full";
    }
    return entry.sources().stream().anyMatch(source -> source.sha256() != null) ? "prefix" : "";
  }

  private static void row(StringBuilder page, String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  static void write(List<ZooRow> rows, Path file) {
    OutFile.require(file, ".md", "Markdown");
    WholeFile.write(file, of(rows).getBytes(StandardCharsets.UTF_8));
  }
}
