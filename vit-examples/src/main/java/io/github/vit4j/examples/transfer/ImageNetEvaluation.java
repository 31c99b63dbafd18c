package io.github.vit4j.examples.transfer;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.BatchOptions;
import io.github.vit4j.examples.command.BrokenImages;
import io.github.vit4j.examples.command.EvaluationReport;
import io.github.vit4j.examples.command.Exit;
import io.github.vit4j.examples.command.Failures;
import io.github.vit4j.examples.command.ProgressLine;
import io.github.vit4j.examples.command.Terminal;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.finetune.data.FileImages;
import io.github.vit4j.finetune.data.LabelledFile;
import io.github.vit4j.finetune.data.LabelledFiles;
import io.github.vit4j.finetune.evaluate.BulkInference;
import io.github.vit4j.finetune.evaluate.Evaluation;
import io.github.vit4j.finetune.evaluate.Evaluator;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measures a model of ImageNet's classes: reads the images, counts them, runs them all. */
@Command(sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
abstract class ImageNetEvaluation extends PublishedData {

  @Mixin BatchOptions batches;

  @Option(names = "--skip-broken", description = "Broken images are no failure: exit with 0.")
  boolean skipBroken;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  boolean json;

  /** What programs get. */
  record Report(List<String> differences, String paper, EvaluationReport result) {}

  /** Reads the images, whose classes are {@code ImageNet.classes()}. */
  abstract FileImages read(Path root);

  /** The paper's accuracies to compare with, in one line. */
  abstract String paper();

  @Override
  public final Integer call() {
    FileImages all = read(root);
    List<String> differences = said(published().differences(all));
    FileImages images = limit == null ? all : limited(all);
    Evaluation found = evaluate(images);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Texts.json(new Report(differences, paper(), EvaluationReport.of(found))));
    } else {
      EvaluationReport.print(found, out);
      out.println("paper   " + paper());
    }
    out.flush();
    BrokenImages.name(spec.commandLine(), found.unreadable());
    return found.unreadable().isEmpty() || skipBroken ? Exit.DONE : Exit.BAD_RESULT;
  }

  private FileImages limited(FileImages all) {
    List<LabelledFile> files = all.files().files();
    List<LabelledFile> some = IntStream.of(used(files.size())).mapToObj(files::get).toList();
    return FileImages.of(new LabelledFiles(some), all.classes());
  }

  private Evaluation evaluate(FileImages images) {
    boolean unicode = Terminal.charset().equals(StandardCharsets.UTF_8);
    try (ViTModel opened = model.open();
        ProgressLine progress = new ProgressLine("Evaluating", images.size(), unicode)) {
      Set<String> known = opened.labels().stream().map(Label::id).collect(Collectors.toSet());
      boolean byId = images.classes().stream().anyMatch(known::contains);
      if (!byId) {
        requireImageNetsOrder(opened, images.classes().size());
      }
      Evaluator evaluator =
          new Evaluator(batches.applyTo(new BulkInference(opened).withProgress(progress)));
      return byId ? evaluator.evaluate(images.files()) : evaluator.evaluate(images);
    }
  }

  private void requireImageNetsOrder(ViTModel opened, int classes) {
    if (opened.labels().size() != classes) {
      throw new BadInputException(
          "the model knows %d classes, none of them by a WordNet id; choose one of ImageNet with --model, such as deit_small_patch16_224.fb_in1k"
              .formatted(opened.labels().size()));
    }
    Failures.say(
        spec.commandLine(),
        "the model's classes have no WordNet ids; they are taken to be in the order of ImageNet's");
  }
}
