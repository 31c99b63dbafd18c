package io.github.vit4j.examples.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.ModelChoice;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.model.ViTSummary;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a model is made of. */
@Command(
    name = "summary",
    description = {
      "Show parameters and multiply-accumulates of a model, by part.",
      "The model is one with weights (--model), or an architecture spelt out, which starts from"
          + " ViT-Base/16 for 224 pixels and 1000 classes."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    footer = {"", "Example: vit summary --preset small --depth 18 --parallel 2 --hmlp"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class SummaryCommand implements Callable<Integer> {

  @Spec CommandSpec spec;
  @Mixin ModelChoice model;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  boolean json;

  @ArgGroup(exclusive = false, validate = false, heading = "%nAn architecture spelt out:%n")
  ArchitectureOptions architecture = new ArchitectureOptions();

  /** What programs get. */
  record Report(long parameters, long macs, List<ViTSummary.Part> parts, JsonElement config) {}

  @Override
  public Integer call() {
    ViTSummary summary = summary();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      JsonElement config = JsonParser.parseString(summary.config().toJson());
      out.println(
          Texts.json(new Report(summary.parameters(), summary.macs(), summary.parts(), config)));
    } else {
      out.println(title(summary.config()));
      out.println();
      out.print(summary);
    }
    out.flush();
    return 0;
  }

  private ViTSummary summary() {
    VisionTransformer spelt = architecture.model();
    if (spelt == null) {
      try (ViTModel opened = model.open()) {
        return opened.network().summary();
      }
    }
    if (model.given()) {
      throw new BadInputException(
          "--model and an architecture spelt out exclude each other; give one of them");
    }
    return spelt.summary();
  }

  static String title(ViTConfig c) {
    return "%d x %d pixels, patches of %d, %d tokens of width %d, %s%s, %s, %s"
        .formatted(
            c.imageHeight(),
            c.imageWidth(),
            c.patchSize(),
            c.tokens(),
            c.width(),
            Texts.count(c.depth(), "block"),
            c.parallel() > 1 ? " of " + c.parallel() + " parallel branches" : "",
            Texts.count(c.heads(), "head"),
            c.classes() == 0
                ? "no classifier"
                : c.classes() == 1 ? "1 class" : Texts.count(c.classes()) + " classes");
  }
}
