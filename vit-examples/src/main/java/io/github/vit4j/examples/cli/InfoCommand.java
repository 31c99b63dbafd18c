package io.github.vit4j.examples.cli;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.vit4j.examples.command.RegistryChoice;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.zoo.registry.Paper;
import io.github.vit4j.zoo.registry.Published;
import io.github.vit4j.zoo.registry.Source;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One published model. */
@Command(
    name = "info",
    description = "Show all that is known about a published model.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    footer = {"", "Example: vit info deit3_small_patch16_224.fb_in1k"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class InfoCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "NAME",
      description =
          "timm's name, with or without its tag, the authors' file name, or the hub's repository.")
  String name;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  boolean json;

  @Mixin RegistryChoice choice;

  @Override
  public Integer call() {
    ZooEntry entry = choice.registry().require(name);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Texts.json(report(entry)));
    } else {
      show(out, entry);
    }
    out.flush();
    return 0;
  }

  /** What {@code vit list --json} has of a model, and what only this command shows. */
  private static JsonObject report(ZooEntry entry) {
    Gson gson = new Gson();
    JsonObject all = gson.toJsonTree(ZooRow.of(entry).report()).getAsJsonObject();
    all.add("preprocessing", gson.toJsonTree(entry.preprocessing()));
    Paper paper = entry.family().paper();
    if (paper != null) {
      all.addProperty("cite", paper.citation());
    }
    all.add("facts", gson.toJsonTree(entry.family().facts().stream().map(URI::toString).toList()));
    all.add("config", JsonParser.parseString(entry.config().toJson()));
    all.add("parts", gson.toJsonTree(entry.summary().parts()));
    return all;
  }

  private static void show(PrintWriter out, ZooEntry entry) {
    out.println(entry.name());
    out.println(entry.family().title() + ". " + entry.family().about());
    out.println();
    field(out, "trained on", entry.trainedOn());
    field(out, "licence", entry.licence());
    field(out, "outputs", outputs(entry));
    field(out, "images", images(entry.preprocessing()));
    for (String line : top1(entry.published())) {
      field(out, "top-1", line);
    }
    field(out, "also called", String.join(", ", entry.aliases()));
    field(out, "note", entry.note());
    for (Source source : entry.sources()) {
      source(out, source);
    }
    Paper paper = entry.family().paper();
    field(out, "cite", paper == null ? null : paper.citation());
    field(
        out,
        "figures from",
        entry.family().facts().stream().map(URI::toString).collect(Collectors.joining(", ")));
    out.println();
    out.println(SummaryCommand.title(entry.config()));
    out.println();
    out.print(entry.summary());
  }

  private static void field(PrintWriter out, String name, @Nullable String value) {
    if (value != null && !value.isEmpty()) {
      out.println(Texts.pad(name, 14) + value);
    }
  }

  private static void source(PrintWriter out, Source source) {
    field(out, "weights", source.address().text());
    String format = source.format().name().toLowerCase(Locale.ROOT);
    field(out, "", format + ", names of " + source.names() + "; " + source.verification());
    field(out, "", source.note());
  }

  private static String outputs(ZooEntry entry) {
    int classes = entry.config().classes();
    if (classes == 0) {
      return "%s features, no head".formatted(Texts.count(entry.config().width()));
    }
    return entry.labels() == null
        ? Texts.count(classes, "number")
        : "%s classes of %s".formatted(Texts.count(classes), entry.labels().id());
  }

  private static String images(EvalTransform t) {
    return String.format(
        Locale.ROOT,
        "%d x %d pixels, %s, crop %s, %s, mean %s, std %s",
        t.height(),
        t.width(),
        t.interpolation().jsonName(),
        t.cropRatio(),
        t.cropMode().name().toLowerCase(Locale.ROOT),
        numbers(t.mean()),
        numbers(t.std()));
  }

  private static String numbers(List<Double> values) {
    return values.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private static List<String> top1(Published published) {
    List<String> lines = new ArrayList<>();
    String how = published.protocol().title();
    percent(lines, published.top1(), how + ", as published");
    percent(lines, published.top1Timm(), "own head, as timm measured");
    percent(lines, published.top1V2(), "on ImageNet-V2, as published");
    return lines;
  }

  private static void percent(List<String> lines, @Nullable BigDecimal value, String how) {
    if (value != null) {
      lines.add(value.toPlainString() + " %, " + how);
    }
  }
}
