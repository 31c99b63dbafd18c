package io.github.vit4j.examples.study;

import io.github.vit4j.examples.command.Checkpointed;
import io.github.vit4j.finetune.train.FineTuneResult;
import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.zoo.ViTModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Trains one trial in this process.
 *
 * @param trial what to train
 * @param folder where it goes
 */
record TrialRun(Trial trial, Path folder) {

  Outcome run() throws IOException {
    EpochLines lines = new EpochLines(trial.name());
    try (ViTModel start = trial.start().get();
        FineTuneResult result = fit(start, lines)) {
      boolean trained = lines.epochs() > 0; // else only the outcome was missing
      Outcome outcome =
          new Outcome(
              trial.variant(),
              trial.seed(),
              lines.plan().parameters(),
              lines.plan().trained(),
              result.epochs(),
              result.best().top1(),
              trained ? lines.cpuSecondsPerEpoch() : 0,
              trained ? result.peakMemory().orElse(0) : 0,
              Files.size(result.task()),
              Files.size(folder.resolve("last.safetensors")));
      outcome.write(folder);
      return outcome;
    }
  }

  private FineTuneResult fit(ViTModel start, EpochLines lines) {
    FineTuner tuner = trial.settings().apply(FineTuner.of(start));
    return Checkpointed.run(tuner.seed(trial.seed()).listener(lines).onto(folder)::fit);
  }
}
