package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.Checkpointed;
import io.github.vit4j.examples.command.ProgressLine;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.examples.shapes.ShapeImages;
import io.github.vit4j.finetune.strategy.FreezeAllButAttention;
import io.github.vit4j.finetune.train.ConsoleBar;
import io.github.vit4j.finetune.train.EpochMetrics;
import io.github.vit4j.finetune.train.FineTuneResult;
import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.finetune.train.RunPlan;
import io.github.vit4j.finetune.train.StepMetrics;
import io.github.vit4j.finetune.train.TrainListener;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.ViTZoo;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/**
 * All there is to see without any data: the model that comes along classifies the images that come
 * along, then learns shapes that are drawn from a seed by its attention alone.
 */
@Command(
    name = "demo",
    description =
        "Classify the sample images, then fine-tune on drawn shapes, attention alone: a minute or"
            + " two, offline.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class DemoCommand implements Callable<Integer>, TrainListener {

  private static final long SEED = 1;
  private static final int BAR = 40;

  @ParentCommand Vit vit;
  @Spec CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = "runs/demo",
      description = "Where the training leaves its model and curves. Default: ${DEFAULT-VALUE}.")
  Path out;

  @Option(
      names = "--images",
      paramLabel = "N",
      defaultValue = "600",
      description = "Shapes to draw and learn from. Default: ${DEFAULT-VALUE}.")
  int images;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      defaultValue = "12",
      description = "Passes over them. Default: ${DEFAULT-VALUE}.")
  int epochs;

  private boolean wasOver;

  private final TrainListener bar =
      ProgressLine.onTerminal() ? new ConsoleBar(System.err) : TrainListener.NONE;

  @Override
  public Integer call() {
    try (ViTModel base = ViTZoo.load(ViTZoo.EMBEDDED)) {
      say("What the model that comes along sees in the images that come along:");
      say("");
      new ResultPrinter(spec.commandLine(), vit.unicode()).print(ClassifyCommand.samples(base, 2));
      say("");
      learn(base);
    }
    return 0;
  }

  private void learn(ViTModel base) {
    FineTuner tuner =
        FineTuner.of(base)
            .strategy(new FreezeAllButAttention())
            .data(ShapeImages.splits(images, base.preprocessing().height(), SEED))
            .epochs(epochs)
            .rate(1e-3)
            .listener(and(withoutEpochs(bar)))
            .onto(out);
    try (FineTuneResult run = Checkpointed.run(tuner::fit)) {
      if (wasOver) {
        run.epochs().forEach(metrics -> epoch(metrics, false));
      }
      say("");
      say(
          String.format(
              Locale.ROOT,
              "%.1f %% of the shapes it had not seen are right. The task file holds what changed:",
              run.best().top1()));
      say("  curves     " + run.folder().resolve("curves.png"));
      say("  confusion  " + run.folder().resolve("confusion.png"));
      say("  model      " + run.folder().resolve("best.safetensors"));
      say("  task file  " + run.task());
    } catch (BadInputException e) {
      if (out.toFile().exists() && !(e.getCause() instanceof CancellationException)) {
        say("Delete " + out + " to begin anew.");
      }
      throw e;
    }
  }

  @Override
  public void began(RunPlan plan) {
    wasOver = plan.stepsDone() == plan.steps();
    say(
        String.format(
            Locale.ROOT,
            "%s %d drawn shapes; of its %.1f million weights, attention, position"
                + " embedding and a new head move: %.0f %%.",
            wasOver ? "An earlier start has taught it" : "Now it learns",
            plan.trainImages(),
            plan.parameters() / 1e6,
            100.0 * plan.trained() / plan.parameters()));
    if (wasOver) {
      say("Delete " + out + " to see it learn.");
    }
    say("");
  }

  @Override
  public void epoch(EpochMetrics m, boolean best) {
    say(
        String.format(
            Locale.ROOT,
            "epoch %2d  loss %.3f  right %5.1f %%  %s",
            m.epoch(),
            m.trainLoss(),
            m.top1(),
            Bar.of(m.top1() / 100, BAR, vit.unicode())));
  }

  /** The curve in the terminal says the same in a better way. */
  private static TrainListener withoutEpochs(TrainListener shown) {
    return new TrainListener() {
      @Override
      public void step(StepMetrics metrics) {
        shown.step(metrics);
      }

      @Override
      public void ended() {
        shown.ended();
      }
    };
  }

  private void say(String line) {
    bar.ended();
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
