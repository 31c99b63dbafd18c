package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.run.Checkpointed;
import io.github.vit4j.examples.shapes.ShapeImages;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.ImageFolder;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.train.ConsoleBar;
import io.github.vit4j.finetune.train.EpochMetrics;
import io.github.vit4j.finetune.train.FineTuneResult;
import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.finetune.train.TrainListener;
import io.github.vit4j.zoo.ViTModel;
import java.io.PrintWriter;
import java.nio.file.Files;
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

/** Trains a model for the user's own classes. */
@Command(
    name = "finetune",
    description = "Train a model for other classes; an interrupted run goes on by itself.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class FinetuneCommand implements Callable<Integer> {

  private static final String SHAPES = "shapes";
  private static final int SHAPES_COUNT = 600;

  @ParentCommand Vit vit;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "DATA",
      description = {
        "A folder with train/CLASS/... and val/CLASS/..., or with CLASS/..., of which a tenth is"
            + " held out; or shapes:N, which draws N images of simple shapes."
      })
  String data;

  @Option(
      names = "--out",
      paramLabel = "RUN",
      required = true,
      description = "The run's folder: new, or that of a run to go on with.")
  Path out;

  @Mixin ModelChoice model;

  @Option(
      names = "--strategy",
      paramLabel = "NAME",
      description = "What is trained: " + StrategyOption.WORDS + ". Default: ${DEFAULT-VALUE}.")
  String strategy = "full";

  @Option(
      names = "--recipe",
      paramLabel = "NAME",
      description = {
        "How: deit-transfer, three-things-384, beit-finetune. Default: AdamW, 10 epochs, batches of 32, light"
            + " augmentation."
      })
  @Nullable String recipe;

  @Option(names = "--epochs", paramLabel = "N", description = "Passes over the training images.")
  @Nullable Integer epochs;

  @Option(
      names = {"-b", "--batch"},
      paramLabel = "N",
      description = "Images a step; the recipe's rates change in proportion.")
  @Nullable Integer batch;

  @Option(
      names = "--micro-batch",
      paramLabel = "N",
      description = "Images in memory at once; gradients add up. Default: the whole batch.")
  @Nullable Integer microBatch;

  @Option(names = "--rate", paramLabel = "R", description = "The highest learning rate.")
  @Nullable Double rate;

  @Option(
      names = "--layer-decay",
      paramLabel = "D",
      description = "How much slower each layer learns than the next, such as 0.75. Default: 1.")
  @Nullable Double layerDecay;

  @Option(
      names = "--early-stop",
      paramLabel = "N",
      description = "End after N epochs without a better one.")
  @Nullable Integer earlyStop;

  @Option(names = "--seed", paramLabel = "N", description = "Every draw follows from it.")
  long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that prepare images. Default: one a processor.")
  @Nullable Integer threads;

  @Option(names = "--skip-broken", description = "Leave images out that cannot be read.")
  boolean skipBroken;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  boolean json;

  /** What programs get. */
  record Report(
      String run,
      EpochMetrics best,
      int epochs,
      boolean stoppedEarly,
      double secondsPerEpoch,
      @Nullable Long peakMemoryBytes,
      List<String> broken,
      List<String> notes) {}

  @Override
  public Integer call() {
    try (ViTModel opened = model.open()) {
      FineTuner tuner = tuner(opened);
      try (FineTuneResult result = Checkpointed.run(tuner::fit)) {
        print(result);
      }
    }
    return 0;
  }

  private FineTuner tuner(ViTModel opened) {
    FineTuner tuner =
        FineTuner.of(opened)
            .strategy(StrategyOption.parse(strategy))
            .data(images(opened))
            .seed(seed)
            .skipUnreadable(skipBroken)
            .listener(listener())
            .onto(out);
    if (recipe != null) {
      tuner.recipe(named(recipe));
    }
    if (model.resolution != null) {
      tuner.resolution(model.resolution);
    }
    if (epochs != null) {
      tuner.epochs(epochs);
    }
    if (batch != null) {
      tuner.batch(batch);
    }
    if (microBatch != null) {
      tuner.microBatch(microBatch);
    }
    if (rate != null) {
      tuner.rate(rate);
    }
    if (layerDecay != null) {
      tuner.layerDecay(layerDecay);
    }
    if (earlyStop != null) {
      tuner.earlyStop(earlyStop);
    }
    if (threads != null) {
      tuner.workers(threads);
    }
    return tuner;
  }

  private static Recipe named(String name) {
    return switch (name) {
      case "deit-transfer" -> Recipe.deitTransfer();
      case "three-things-384" -> Recipe.threeThings384();
      case "beit-finetune" -> Recipe.beitFineTune();
      default ->
          throw new BadInputException(
              "there is no recipe '"
                  + name
                  + "'; choose deit-transfer, three-things-384 or beit-finetune");
    };
  }

  private DataSplits images(ViTModel opened) {
    boolean drawn = data.equals(SHAPES) || data.startsWith(SHAPES + ":");
    if (!drawn || Files.exists(Path.of(data))) {
      return ImageFolder.of(Path.of(data));
    }
    try {
      int count =
          data.equals(SHAPES)
              ? SHAPES_COUNT
              : Integer.parseInt(data.substring(SHAPES.length() + 1));
      return ShapeImages.splits(count, opened.preprocessing().height(), 1);
    } catch (NumberFormatException e) {
      throw new BadInputException(data + " does not say how many; write shapes:600", e);
    }
  }

  private TrainListener listener() {
    if (ProgressLine.onTerminal()) {
      return new ConsoleBar(System.err);
    }
    return new TrainListener() {
      @Override
      public void note(String text) {
        Failures.say(spec.commandLine(), text);
      }
    };
  }

  private void print(FineTuneResult result) {
    PrintWriter out = spec.commandLine().getOut();
    EpochMetrics best = result.best();
    if (json) {
      out.println(
          Texts.json(
              new Report(
                  result.folder().toString(),
                  best,
                  result.epochs().size(),
                  result.stoppedEarly(),
                  result.secondsPerEpoch(),
                  result.peakMemory().isPresent() ? result.peakMemory().getAsLong() : null,
                  result.unreadable(),
                  result.notes())));
      out.flush();
      return;
    }
    String end = result.stoppedEarly() ? "; no better since, so it stopped" : "";
    out.println(line("best epoch  %d of %d%s", best.epoch(), result.epochs().size(), end));
    out.println(line("top-1       %6.2f %%", best.top1()));
    out.println(line("top-5       %6.2f %%", best.top5()));
    out.println(line("mean class  %6.2f %%", best.meanClass()));
    out.println(line("time        %.1f s an epoch", result.secondsPerEpoch()));
    result
        .peakMemory()
        .ifPresent(bytes -> out.println(line("memory      %.0f MiB at most", bytes / 1048576.0)));
    if (!result.unreadable().isEmpty()) {
      out.println("broken      " + Texts.count(result.unreadable().size(), "image") + " left out");
    }
    out.println("model       " + result.folder().resolve("best.safetensors"));
    out.println("task file   " + result.task());
    out.println("run         " + result.folder());
    out.flush();
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
