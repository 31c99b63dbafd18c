package io.github.vit4j.examples.transfer;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.Failures;
import io.github.vit4j.examples.command.FineTuneOptions;
import io.github.vit4j.examples.command.FineTuneReport;
import io.github.vit4j.examples.command.InterruptibleFit;
import io.github.vit4j.examples.command.ModelChoice;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.data.PublishedCounts;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.train.FineTuneResult;
import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.zoo.ViTModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Fine-tuning on a published data set: reads it, counts it, trains, compares with the paper. */
@Command(mixinStandardHelpOptions = true, versionProvider = Versions.class, sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
abstract class Transfer implements Callable<Integer> {

  /** What fits into the memory of most machines; the recipes' batches are of 768 images. */
  private static final int MOST_IN_MEMORY = 64;

  @Spec CommandSpec spec;

  @Parameters(paramLabel = "ROOT", description = "The folder of the data, as described below.")
  Path root;

  @Mixin ModelChoice model;
  @Mixin FineTuneOptions training;

  @Option(
      names = "--strict",
      description = "Refuse data whose counts differ from the published ones.")
  boolean strict;

  @Option(
      names = {"-n", "--limit"},
      paramLabel = "N",
      description = "Use N images of each split only, to try it out.")
  @Nullable Integer limit;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  boolean json;

  /** What programs get. */
  record Report(List<String> differences, String paper, FineTuneReport result) {}

  /** Reads the splits that the paper used. */
  abstract DataSplits read(Path root);

  abstract PublishedCounts published();

  /** How the paper's authors fine-tune on it. */
  abstract Recipe recipe();

  abstract PaperTransfer paper();

  @Override
  public final Integer call() {
    DataSplits all = read(root);
    if (strict) {
      published().require(all);
    }
    List<String> differences = published().differences(all);
    differences.forEach(text -> Failures.say(spec.commandLine(), "warning: " + text));
    DataSplits data = limit == null ? all : limited(all, limit);
    try (ViTModel opened = model.open()) {
      FineTuner tuner = tuner(opened, data);
      announce(opened, data);
      try (FineTuneResult result = InterruptibleFit.of(tuner, spec.commandLine())) {
        print(result, differences);
      }
    }
    return 0;
  }

  private FineTuner tuner(ViTModel opened, DataSplits data) {
    Recipe own = recipe();
    FineTuner tuner = training.applyTo(FineTuner.of(opened).data(data), own);
    if (model.resolution() != null || !training.hasRecipe()) {
      tuner.resolution(opened.preprocessing().height());
    }
    Recipe chosen = training.recipe(own);
    if (chosen != null && !training.hasMicroBatch()) {
      tuner.microBatch(portion(chosen.batch()));
    }
    return tuner;
  }

  /** The largest divisor of a batch that fits. */
  private static int portion(int batch) {
    return IntStream.iterate(Math.min(batch, MOST_IN_MEMORY), size -> size - 1)
        .filter(size -> batch % size == 0)
        .findFirst()
        .orElse(1);
  }

  /** Whoever starts a thousand epochs should know. */
  private void announce(ViTModel opened, DataSplits data) {
    Recipe chosen = training.recipe(recipe());
    if (chosen == null) {
      return;
    }
    double macs = opened.network().summary().macs();
    double images = (double) data.train().size() * chosen.epochs();
    Failures.say(
        spec.commandLine(),
        String.format(
            Locale.ROOT,
            "%s for %s of %s: %.1e multiply-accumulates, three times %.2g billion an image;"
                + " --epochs makes it shorter",
            chosen.name(),
            Texts.count(chosen.epochs(), "epoch"),
            Texts.count(data.train().size(), "image"),
            3 * macs * images,
            macs / 1e9));
  }

  private static DataSplits limited(DataSplits data, int count) {
    if (count < 1) {
      throw new BadInputException("at least 1 image is needed, but the limit is " + count);
    }
    return new DataSplits(spread(data.train(), count), spread(data.validation(), count));
  }

  /** Published lists go class by class, so the first images would be of one class. */
  private static ImageDataset spread(ImageDataset images, int count) {
    int size = images.size();
    int used = Math.min(count, size);
    return images.subset(
        IntStream.range(0, used).map(i -> (int) ((long) i * size / used)).toArray());
  }

  private void print(FineTuneResult result, List<String> differences) {
    PrintWriter out = spec.commandLine().getOut();
    String beside = paper().beside(training.strategy());
    if (json) {
      out.println(Texts.json(new Report(differences, beside, FineTuneReport.of(result))));
    } else {
      FineTuneReport.print(result, out);
      out.println("paper       " + beside);
    }
    out.flush();
  }
}
