package io.github.vit4j.examples.sweep;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.cifar10.SmallRecipe;
import io.github.vit4j.examples.command.Checkpointed;
import io.github.vit4j.examples.command.Terminal;
import io.github.vit4j.examples.study.EpochLines;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.train.FineTuneResult;
import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.image.RgbImage;
import io.github.vit4j.model.ViTSummary;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Trains one run of a sweep: the program of the processes that a sweep starts. The run's settings
 * lie in its folder; so does its outcome at the end.
 */
@Command(name = "sweep-run", description = "Train one run of a sweep, in its folder.")
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class TrainRun implements Callable<Integer> {

  /** Why the last start has failed. */
  static final String FAILURE = "failure.txt";

  /** Made when the training begins. */
  static final String TRAINING = "training";

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DATA")
  private String data;

  @Parameters(index = "1", paramLabel = "FOLDER")
  private Path folder;

  private TrainRun() {}

  public static void main(String[] args) {
    Terminal.run(new TrainRun(), args);
  }

  @Override
  public Integer call() throws IOException {
    RunSettings settings =
        RunSettings.read(folder)
            .orElseThrow(
                () -> new BadInputException(folder + " has no settings.json of a sweep's run"));
    try {
      Checkpointed.run(() -> train(settings)).write(folder);
    } catch (BadInputException e) {
      RunTask.explain(folder, String.valueOf(e.getMessage())); // whoever started this tells it
      throw e;
    } catch (RuntimeException e) {
      RunTask.explain(folder, e.toString());
      throw e;
    }
    dropCheckpoints();
    spec.commandLine().getOut().println(settings.run() + " is done");
    return 0;
  }

  private RunOutcome train(RunSettings settings) {
    DataSplits splits = images(settings).splits(settings.fraction());
    ViTSummary summary = settings.network().summary();
    EpochLines lines = new EpochLines(settings.run());
    try (ViTModel start =
            ViTModel.of(
                settings.network(),
                SmallRecipe.preprocessing(settings.imageSize()),
                Label.named(splits.train().classes()));
        FineTuneResult result =
            FineTuner.of(start)
                .data(splits)
                .recipe(recipe(settings, splits.train().image(0)))
                .batch(settings.batch())
                .rate(settings.rate())
                .seed(settings.seed())
                .workers(1)
                .listener(lines)
                .onto(folder.resolve(TRAINING))
                .fit()) {
      return new RunOutcome(
          settings,
          summary.parameters(),
          summary.macs(),
          settings.imagesSeen(),
          settings.compute(summary),
          lines.epochs() == 0 ? 0 : lines.cpuSecondsPerEpoch() * settings.epochs(),
          result.epochs());
    }
  }

  private SweepData images(RunSettings settings) {
    SweepData images = SweepData.open(data, settings.imageSize(), settings.testImages());
    int train = images.all().train().size();
    if (train != settings.trainImages()) {
      throw new BadInputException(
          "%s has %d training images here, but the run in %s was planned with %d; give the same data"
              .formatted(data, train, folder, settings.trainImages()));
    }
    return images;
  }

  /** Images of the model's size are cropped with a margin, others scaled. */
  private static Recipe recipe(RunSettings settings, RgbImage first) {
    int side = settings.imageSize();
    return first.width() == side && first.height() == side
        ? SmallRecipe.fromScratch(side, settings.epochs())
        : SmallRecipe.scaled(side, settings.epochs());
  }

  /** A finished run does not go on, and hundreds of them would fill the disk. */
  private void dropCheckpoints() throws IOException {
    try (DirectoryStream<Path> states =
        Files.newDirectoryStream(folder.resolve(TRAINING), "state-*.safetensors")) {
      for (Path state : states) {
        Files.delete(state);
      }
    }
  }
}
