package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.BatchOptions;
import io.github.vit4j.examples.command.BrokenImages;
import io.github.vit4j.examples.command.Exit;
import io.github.vit4j.examples.command.Failures;
import io.github.vit4j.examples.command.ModelChoice;
import io.github.vit4j.examples.command.ProgressLine;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.finetune.evaluate.BulkInference;
import io.github.vit4j.finetune.evaluate.UnreadableImage;
import io.github.vit4j.zoo.Sample;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.ViTZoo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What images show. */
@Command(
    name = "classify",
    description = "Say what images show: the most probable classes of each.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ClassifyCommand implements Callable<Integer> {

  @ParentCommand Vit vit;
  @Spec CommandSpec spec;
  @Mixin ImageArguments images;
  @Mixin ModelChoice model;

  @Option(names = "--samples", description = "Classify the sample images that come along.")
  boolean samples;

  @Option(
      names = {"-k", "--top"},
      paramLabel = "N",
      defaultValue = "5",
      description = "Classes to show for each image. Default: ${DEFAULT-VALUE}.")
  int top;

  @Mixin BatchOptions batches;

  @Option(names = "--skip-broken", description = "Broken images are no failure: exit with 0.")
  boolean skipBroken;

  @Option(names = "--json", description = "Write a JSON array for programs.")
  boolean json;

  /**
   * One image.
   *
   * @param file as it was named
   * @param classes the best first
   */
  record Result(String file, List<Choice> classes) {}

  @Override
  public Integer call() {
    if (top < 1) {
      throw new BadInputException("--top must be at least 1, but is " + top);
    }
    List<Path> files = images.files();
    if (files.isEmpty() && !samples) {
      throw new BadInputException(
          "there is nothing to classify; name images or folders, or try --samples");
    }
    List<Result> results = new ArrayList<>();
    List<UnreadableImage> unreadable = List.of();
    try (ViTModel opened = model.open();
        ProgressLine progress = new ProgressLine("Classifying", files.size(), vit.unicode())) {
      if (samples) {
        results.addAll(samples(opened, top));
      }
      if (!files.isEmpty()) {
        if (model.name() == null) {
          Failures.say(
              spec.commandLine(),
              "no --model was given, so the small model that comes along answers, which knows the"
                  + " ten classes of CIFAR-10");
        }
        unreadable =
            batches
                .applyTo(new BulkInference(opened).withProgress(progress))
                .logits(
                    files,
                    (row, i) -> results.add(result(files.get(i).toString(), row, opened, top)));
      }
    }
    if (results.isEmpty()) {
      BrokenImages.name(spec.commandLine(), unreadable);
      return Exit.BAD_INPUT;
    }
    if (json) {
      spec.commandLine().getOut().println(Texts.json(results));
    } else {
      new ResultPrinter(spec.commandLine(), vit.unicode()).print(results);
    }
    spec.commandLine().getOut().flush();
    BrokenImages.name(spec.commandLine(), unreadable);
    return unreadable.isEmpty() || skipBroken ? Exit.DONE : Exit.BAD_RESULT;
  }

  /** {@return what a model sees in the sample images that come along} */
  static List<Result> samples(ViTModel opened, int top) {
    List<Sample> shipped = ViTZoo.samples();
    float[][] rows = opened.logits(shipped.stream().map(Sample::image).toList());
    return IntStream.range(0, rows.length)
        .mapToObj(i -> result(shipped.get(i).name(), rows[i], opened, top))
        .toList();
  }

  private static Result result(String name, float[] logits, ViTModel opened, int top) {
    return new Result(name, Choice.best(logits, opened.labels(), top));
  }
}
