package io.github.vit4j.finetune.train;

import ai.djl.engine.EngineException;
import io.github.vit4j.error.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints when they are due, keeps the last two and those that shall stay, and finds the
 * newest that is whole.
 */
final class CheckpointKeeper {

  private final RunFolder folder;
  private final RunReport report;
  private final RunLog log;
  private final Duration every;
  private final int everySteps;
  private final int keptEpochs;
  private long saved = System.nanoTime();
  private long savedStep;

  CheckpointKeeper(RunFolder folder, RunReport report, RunLog log, TrainPlan plan) {
    this.folder = folder;
    this.report = report;
    this.log = log;
    every = plan.checkpointEvery();
    everySteps = plan.checkpointSteps();
    keptEpochs = plan.keepEvery();
  }

  /**
   * Restores the newest checkpoint.
   *
   * @return how far it was; null if there is no checkpoint
   * @throws BadInputException if there are some, but all are broken
   */
  @Nullable RunProgress restore(TrainState state) {
    List<Path> states = folder.states();
    for (Path file : states) {
      try {
        RunProgress progress = state.restore(file);
        savedStep = progress.step;
        keepIfDue(file, progress); // it may have ended between the two
        return progress;
      } catch (BadInputException | EngineException e) {
        log.note("%s cannot be used: %s".formatted(file, e.getMessage()));
      }
    }
    if (!states.isEmpty()) {
      throw new BadInputException(
          "no checkpoint in %s can be used; begin anew in another folder".formatted(folder.root()));
    }
    return null;
  }

  private void keepIfDue(Path file, RunProgress progress) {
    boolean due = keptEpochs > 0 && progress.stepInEpoch == 0 && progress.epoch % keptEpochs == 0;
    if (due && !Files.exists(folder.kept(progress.epoch))) {
      report.attempt("a checkpoint to keep", () -> folder.keep(file, progress.epoch));
    }
  }

  void saveIfDue(TrainState state, RunProgress progress) {
    boolean time = System.nanoTime() - saved >= every.toNanos();
    boolean steps = everySteps > 0 && progress.step - savedStep >= everySteps;
    if (time || steps) {
      save(state, progress);
    }
  }

  void save(TrainState state, RunProgress progress) {
    Path file = folder.state(progress.step);
    // where it failed, it is tried again when the next one is due
    saved = System.nanoTime();
    savedStep = progress.step;
    if (report.attempt("a checkpoint", () -> state.save(file, progress))) {
      keepIfDue(file, progress);
      report.attempt("the list of checkpoints", folder::dropOldStates);
    }
  }
}
