package io.github.vit4j.examples.cli;

import io.github.vit4j.examples.command.BatchOptions;
import io.github.vit4j.examples.command.BrokenImages;
import io.github.vit4j.examples.command.CompiledOption;
import io.github.vit4j.examples.command.EvaluationReport;
import io.github.vit4j.examples.command.Exit;
import io.github.vit4j.examples.command.ModelChoice;
import io.github.vit4j.examples.command.ProgressLine;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.finetune.data.LabelledFiles;
import io.github.vit4j.finetune.evaluate.BulkInference;
import io.github.vit4j.finetune.evaluate.Evaluation;
import io.github.vit4j.finetune.evaluate.Evaluator;
import io.github.vit4j.zoo.ViTModel;
import java.io.PrintWriter;
import java.nio.file.Path;
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
  @Mixin CompiledOption compiled;

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

  @Override
  public Integer call() {
    LabelledFiles all =
        list == null ? LabelledFiles.ofClassFolders(data) : LabelledFiles.ofList(data, list);
    LabelledFiles files = limit == null ? all : all.first(limit);
    Evaluation found;
    try (ViTModel opened = compiled.open(model);
        ProgressLine progress = new ProgressLine("Evaluating", files.size(), vit.unicode())) {
      BulkInference inference = new BulkInference(opened).withProgress(progress);
      found = new Evaluator(batches.applyTo(inference)).evaluate(files);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Texts.json(EvaluationReport.of(found)));
    } else {
      EvaluationReport.print(found, out);
    }
    out.flush();
    BrokenImages.name(spec.commandLine(), found.unreadable());
    return found.unreadable().isEmpty() || skipBroken ? 0 : Exit.BAD_RESULT;
  }
}
