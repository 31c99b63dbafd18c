package io.github.vit4j.examples.cli;

import io.github.vit4j.finetune.data.LabelledFiles;
import io.github.vit4j.finetune.evaluate.Accuracy;
import io.github.vit4j.finetune.evaluate.BulkInference;
import io.github.vit4j.finetune.evaluate.Evaluation;
import io.github.vit4j.finetune.evaluate.Evaluator;
import io.github.vit4j.finetune.evaluate.UnreadableImage;
import io.github.vit4j.zoo.ViTModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** How good a model is. */
@Command(
    name = "evaluate",
    description = "Measure top-1 and top-5 accuracy on labelled images.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class EvaluateCommand implements Callable<Integer> {

  @ParentCommand Vit vit;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "DATA",
      description = {
        "A folder with one folder of images for each class, named by the class's id or name; with"
            + " --list, the folder that its file names start from."
      })
  Path data;

  @Option(
      names = {"-l", "--list"},
      paramLabel = "FILE",
      description = "Images with their labels, one a line: file TAB id or name of the class.")
  @Nullable Path list;

  @Mixin ModelChoice model;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      description = "Use the first N images only.")
  @Nullable Integer limit;

  @Mixin BatchOptions batches;

  @Option(names = "--skip-broken", description = "Broken images are no failure: exit with 0.")
  boolean skipBroken;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  boolean json;

  /** What programs get. */
  record Report(
      int images,
      int top1Correct,
      int top5Correct,
      @Nullable Double top1Percent,
      @Nullable Double top5Percent,
      double imagesPerSecond,
      List<Broken> broken) {}

  /** A file that could not be used. */
  record Broken(String file, String problem) {}

  @Override
  public Integer call() {
    LabelledFiles all =
        list == null ? LabelledFiles.ofClassFolders(data) : LabelledFiles.ofList(data, list);
    LabelledFiles files = limit == null ? all : all.first(limit);
    Evaluation found;
    try (ViTModel opened = model.open();
        ProgressLine progress = new ProgressLine("Evaluating", files.size(), vit.unicode())) {
      BulkInference inference = new BulkInference(opened).withProgress(progress);
      found = new Evaluator(batches.applyTo(inference)).evaluate(files);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Texts.json(report(found)));
    } else {
      print(found, out);
    }
    out.flush();
    BrokenImages.name(spec.commandLine(), found.unreadable());
    return found.unreadable().isEmpty() || skipBroken ? 0 : Vit.BAD_RESULT;
  }

  private static Report report(Evaluation found) {
    Accuracy accuracy = found.accuracy();
    boolean none = accuracy.images() == 0;
    return new Report(
        accuracy.images(),
        accuracy.top1(),
        accuracy.top5(),
        none ? null : accuracy.top1Percent(),
        none ? null : accuracy.top5Percent(),
        found.imagesPerSecond(),
        found.unreadable().stream().map(EvaluateCommand::broken).toList());
  }

  private static Broken broken(UnreadableImage bad) {
    return new Broken(bad.file().toString(), bad.problem());
  }

  private static void print(Evaluation found, PrintWriter out) {
    Accuracy accuracy = found.accuracy();
    if (accuracy.images() > 0) {
      out.println(row("top-1", accuracy.top1Percent(), accuracy.top1(), accuracy.images()));
      out.println(row("top-5", accuracy.top5Percent(), accuracy.top5(), accuracy.images()));
    }
    if (!found.unreadable().isEmpty()) {
      out.println("broken  " + Texts.count(found.unreadable().size(), "image"));
    }
    double seconds = found.took().toMillis() / 1000.0;
    out.println(
        String.format(
            Locale.ROOT, "speed   %.1f images/s, %.1f s", found.imagesPerSecond(), seconds));
  }

  private static String row(String what, double percent, int correct, int images) {
    return String.format(
        Locale.ROOT,
        "%s  %6.2f %%  (%s of %s)",
        what,
        percent,
        Texts.count(correct),
        Texts.count(images, "image"));
  }
}
