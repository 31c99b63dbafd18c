package io.github.vit4j.examples.study;

import io.github.vit4j.error.BadInputException;
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
        FineTuneResult result =
            trial
                .settings()
                .apply(FineTuner.of(start))
                .seed(trial.seed())
                .listener(lines)
                .onto(folder)
                .fit()) {
      if (lines.epochs() == 0) {
        throw new BadInputException(
            folder + " holds a run that ended before its outcome was written; delete it");
      }
      Outcome outcome =
          new Outcome(
              trial.variant(),
              trial.seed(),
              lines.plan().parameters(),
              lines.plan().trained(),
              result.epochs(),
              result.best().top1(),
              lines.cpuSecondsPerEpoch(),
              result.peakMemory().orElse(0),
              Files.size(result.task()),
              Files.size(folder.resolve("last.safetensors")));
      outcome.write(folder);
      return outcome;
    }
  }
}
