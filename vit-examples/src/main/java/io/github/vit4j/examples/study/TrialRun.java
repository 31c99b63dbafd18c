package io.github.vit4j.examples.study;

import com.sun.management.OperatingSystemMXBean;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.train.EpochMetrics;
import io.github.vit4j.finetune.train.FineTuneResult;
import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.finetune.train.RunPlan;
import io.github.vit4j.finetune.train.TrainListener;
import io.github.vit4j.zoo.ViTModel;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Trains one trial in this process, and says an epoch a line how it goes. */
final class TrialRun implements TrainListener {

  private static final double NANOS = 1e9;

  private final Trial trial;
  private final Path folder;
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private RunPlan plan = new RunPlan(Path.of(""), 0, 0, 0, 0, 0, 0, 0);
  private long cpuAtStart;
  private long cpuAtEnd;
  private int epochsHere;

  TrialRun(Trial trial, Path folder) {
    this.trial = trial;
    this.folder = folder;
  }

  Outcome run() throws IOException {
    try (ViTModel start = trial.start().get();
        FineTuneResult result =
            trial
                .settings()
                .apply(FineTuner.of(start))
                .seed(trial.seed())
                .listener(this)
                .onto(folder)
                .fit()) {
      if (epochsHere == 0) {
        throw new BadInputException(
            folder + " holds a run that ended before its outcome was written; delete it");
      }
      Outcome outcome =
          new Outcome(
              trial.variant(),
              trial.seed(),
              plan.parameters(),
              plan.trained(),
              result.epochs(),
              result.best().top1(),
              (cpuAtEnd - cpuAtStart) / NANOS / epochsHere,
              result.peakMemory().orElse(0),
              Files.size(result.task()),
              Files.size(folder.resolve("last.safetensors")));
      outcome.write(folder);
      return outcome;
    }
  }

  @Override
  public void began(RunPlan begun) {
    plan = begun;
    cpuAtStart = system.getProcessCpuTime();
  }

  @Override
  public void epoch(EpochMetrics metrics, boolean best) {
    epochsHere++;
    cpuAtEnd = system.getProcessCpuTime();
    System.err.printf(
        Locale.ROOT,
        "%s: epoch %d of %d, loss %.3f, top-1 %.2f %%, %.0f s%n",
        trial.name(),
        metrics.epoch(),
        plan.epochs(),
        metrics.trainLoss(),
        metrics.top1(),
        metrics.seconds());
  }

  @Override
  public void note(String text) {
    System.err.println(trial.name() + ": " + text);
  }
}
