package io.github.vit4j.finetune.train;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.recipe.ScheduleKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a cooldown begins: at a checkpoint of another run, which stays as it is. Once the cooldown
 * has a checkpoint of its own, its folder tells the place, and the other run is not needed any
 * more.
 */
final class CoolDownStart {

  private static final String EPOCH = "coolDown.epoch";
  private static final String STEP_IN_EPOCH = "coolDown.stepInEpoch";
  private static final String STEP = "coolDown.step";
  private static final String EPOCHS = "coolDown.epochs";

  private final int epochs;
  private final int epoch;
  private final int stepInEpoch;
  private final long step;
  private final @Nullable Path checkpoint;

  private CoolDownStart(
      int epochs, int epoch, int stepInEpoch, long step, @Nullable Path checkpoint) {
    this.epochs = epochs;
    this.epoch = epoch;
    this.stepInEpoch = stepInEpoch;
    this.step = step;
    this.checkpoint = checkpoint;
  }

  /**
   * Finds the place.
   *
   * @param plan wishes a cooldown
   * @param root the cooldown's own folder
   * @param settings what it has in common with the run that it begins in
   * @param manager lends memory
   * @throws BadInputException if there is no such run or checkpoint, or the run has other settings
   */
  static CoolDownStart of(
      TrainPlan plan, CoolDownFrom wish, Path root, Settings settings, NDManager manager) {
    Optimization chosen = plan.recipe().optimization();
    if (chosen.schedule() == ScheduleKind.COSINE) {
      throw new BadInputException(
          "a cosine follows from the number of epochs and cannot be cooled down at will; train with infinite(), or with a constant rate");
    }
    if (chosen.cooldownEpochs() > 0) {
      throw new BadInputException(
          "the recipe ends in a cooldown of %s epochs already; leave one of the two out"
              .formatted(chosen.cooldownEpochs()));
    }
    if (!RunFolder.states(root).isEmpty()) {
      RunFolder.Run run = RunFolder.described(root);
      if (run != null) {
        return goingOn(run, wish, root);
      }
    }
    return atCheckpoint(wish, root, settings, manager);
  }

  private static CoolDownStart goingOn(RunFolder.Run run, CoolDownFrom wish, Path root) {
    Map<String, String> then = run.settings() == null ? Map.of() : run.settings();
    try {
      return new CoolDownStart(
          wish.epochs(),
          Integer.parseInt(then.getOrDefault(EPOCH, "")),
          Integer.parseInt(then.getOrDefault(STEP_IN_EPOCH, "")),
          Long.parseLong(then.getOrDefault(STEP, "")),
          null);
    } catch (NumberFormatException e) {
      throw new BadInputException(
          root + " holds a run that is no cooldown; name a new folder for the cooldown", e);
    }
  }

  private static CoolDownStart atCheckpoint(
      CoolDownFrom wish, Path root, Settings settings, NDManager manager) {
    Path source = wish.source();
    boolean whole = Files.isDirectory(source);
    @Nullable Path folder = whole ? source : source.toAbsolutePath().getParent();
    if (!Files.exists(source)) {
      throw new BadInputException(
          "there is no %s to cool down from; name a run's folder, or one of its checkpoints"
              .formatted(source));
    }
    RunFolder.@Nullable Run run = folder == null ? null : RunFolder.described(folder);
    if (folder == null || run == null || run.settings() == null) {
      throw new BadInputException(
          "%s is no run, nor a checkpoint in a run's folder; name one that lies where it was written"
              .formatted(source));
    }
    if (folder.toAbsolutePath().normalize().equals(root.toAbsolutePath().normalize())) {
      throw new BadInputException(
          "a cooldown cannot go into %s, the folder that it begins in; name a new one"
              .formatted(root));
    }
    requireSame(settings, new Settings(run.settings()), source);
    return newest(whole ? RunFolder.states(source) : List.of(source), wish, manager);
  }

  private static void requireSame(Settings now, Settings then, Path source) {
    List<String> differences = now.differencesOfRuns(then);
    if (!differences.isEmpty()) {
      throw new BadInputException(
          "%s is of a run with other settings: %s; a cooldown needs the same ones"
              .formatted(source, Settings.shortened(differences)));
    }
  }

  private static CoolDownStart newest(List<Path> states, CoolDownFrom wish, NDManager manager) {
    List<String> problems = new ArrayList<>();
    for (Path file : states) {
      try (NDManager scope = manager.newSubManager()) {
        RunProgress progress = StateFile.read(file, scope).progress();
        return new CoolDownStart(
            wish.epochs(), progress.epoch, progress.stepInEpoch, progress.step, file);
      } catch (BadInputException | EngineException e) {
        problems.add("%s cannot be used: %s".formatted(file, e.getMessage()));
      }
    }
    throw new BadInputException(
        "%s has no checkpoint to cool down from%s; train on, or name another"
            .formatted(
                wish.source(), problems.isEmpty() ? "" : " (" + String.join("; ", problems) + ")"));
  }

  /**
   * The plan of the whole: as if its cooldown had been planned from the first step on. It ends with
   * an epoch, so what is left of the epoch in which it begins comes on top.
   */
  TrainPlan applyTo(TrainPlan plan) {
    int steps = plan.stepsPerEpoch();
    if (epoch > Integer.MAX_VALUE - 2 - epochs || stepInEpoch > steps) {
      throw new BadInputException(
          "a checkpoint of epoch %d and step %d cannot be cooled down for %d epochs"
              .formatted(epoch + 1, stepInEpoch, epochs));
    }
    boolean within = stepInEpoch > 0;
    int end = epoch + (within ? 1 : 0) + epochs;
    double rest = within ? (steps - stepInEpoch) / (double) steps : 0;
    Recipe recipe = plan.recipe();
    return plan.withRecipe(
        recipe.withOptimization(recipe.optimization().withCooldown(epochs + rest)).withEpochs(end));
  }

  /** What a later start must find, beside the plan. */
  Map<String, Object> settings() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put(EPOCH, epoch);
    settings.put(STEP_IN_EPOCH, stepInEpoch);
    settings.put(STEP, step);
    settings.put(EPOCHS, epochs);
    return settings;
  }

  /**
   * Takes over the checkpoint of the other run.
   *
   * @return how far that was, with nothing yet that was best
   */
  RunProgress restore(TrainState state) {
    if (checkpoint == null) {
      throw new BadInputException(
          "the checkpoints of the cooldown are gone; begin anew in another folder");
    }
    RunProgress progress = state.restore(checkpoint);
    progress.forgetBest();
    return progress;
  }

  @Override
  public String toString() {
    return "a cooldown of %d epochs from step %d%s"
        .formatted(epochs, step, checkpoint == null ? "" : ", " + checkpoint);
  }
}
