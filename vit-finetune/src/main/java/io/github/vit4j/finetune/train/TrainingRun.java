package io.github.vit4j.finetune.train;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.compute.Precision;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.data.ImageDataset;
import io.github.vit4j.finetune.optim.Adafactor;
import io.github.vit4j.finetune.optim.AdamW;
import io.github.vit4j.finetune.optim.Lamb;
import io.github.vit4j.finetune.optim.Optimizer;
import io.github.vit4j.finetune.optim.ParameterGroups;
import io.github.vit4j.finetune.optim.Sgd;
import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.schedule.Schedule;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One start of a run, whatever it minimises: puts everything together, compares it with what is in
 * the folder, trains from the newest checkpoint on. {@link FineTuner} and {@code PreTrainer} are
 * made of it.
 */
public final class TrainingRun {

  private final TrainPlan plan;
  private final Trainee trainee;
  private final Objective objective;
  private final @Nullable CoolDownStart coolDown;
  private @Nullable ImageDataset validation;

  /**
   * What is trained.
   *
   * @param base where training starts from; runs of different values are different runs
   * @param model what moves, a copy of it
   * @param parameters of the model, and any that the objective adds
   * @param notes what the user should know about the copy
   */
  public record Trainee(
      ViTModel base, ViTModel model, List<ViTParameter> parameters, List<String> notes) {

    long trained() {
      return size(parameters.stream().filter(p -> p.parameter().requiresGradient()).toList());
    }

    long all() {
      return size(parameters);
    }

    private static long size(List<ViTParameter> parameters) {
      return parameters.stream().mapToLong(ViTParameter::size).sum();
    }
  }

  /**
   * What a run came to.
   *
   * @param folder where everything is
   * @param epochs the first one first
   * @param bestEpoch from 1; 0 where nothing was validated
   * @param stoppedEarly whether it ended because it got no better
   * @param unreadable names of images that were left out
   * @param notes what the user should know
   */
  public record Outcome(
      Path folder,
      List<EpochMetrics> epochs,
      int bestEpoch,
      boolean stoppedEarly,
      List<String> unreadable,
      List<String> notes) {}

  /**
   * Describes a run.
   *
   * @param plan how it drives the model
   * @param trainee what is trained; it stays the caller's
   * @param objective what is minimised
   */
  public TrainingRun(TrainPlan plan, Trainee trainee, Objective objective) {
    this(plan, trainee, objective, null);
  }

  private TrainingRun(
      TrainPlan plan, Trainee trainee, Objective objective, @Nullable CoolDownStart coolDown) {
    this.plan = plan;
    this.trainee = trainee;
    this.objective = objective;
    this.coolDown = coolDown;
  }

  /**
   * Measures a classifier after each epoch and keeps the best one.
   *
   * @param images that are not learned from
   * @return this
   */
  public TrainingRun validation(ImageDataset images) {
    validation = images;
    return this;
  }

  /**
   * Trains, or goes on training, in the calling thread.
   *
   * @param root the run's folder
   * @param listener hears how it goes
   * @param finish makes the result of what the run came to, while no other process can write to the
   *     folder
   * @return what {@code finish} made
   * @throws BadInputException as {@link FineTuner#fit} does
   */
  public <R> R into(Path root, TrainListener listener, Function<Outcome, R> finish) {
    DataRules.check(plan, trainee.model.network());
    precision()
        .require(
            trainee.model.djlModel().getNDManager().getDevice(), "train with Precision.FLOAT32");
    @Nullable CoolDownFrom wish = plan.coolDown();
    if (wish != null && coolDown == null) {
      return coolingDown(wish, root).into(root, listener, finish);
    }
    try (RunFolder folder = RunFolder.open(root)) {
      return finish.apply(train(folder, listener));
    }
  }

  private TrainingRun coolingDown(CoolDownFrom wish, Path root) {
    NDManager manager = trainee.model.djlModel().getNDManager();
    CoolDownStart start = CoolDownStart.of(plan, wish, root, settings(), manager);
    TrainingRun run = new TrainingRun(start.applyTo(plan), trainee, objective, start);
    run.validation = validation;
    return run;
  }

  private Outcome train(RunFolder folder, TrainListener listener) {
    RunLog log = new RunLog(folder, listener);
    Settings settings = settings();
    NDManager manager = trainee.model.djlModel().getNDManager();
    Settings machine = Machine.describe(manager.getDevice(), trainee.model.network().routes());
    if (plan.recompute()) {
      machine.put("recompute", true); // dropout and stochastic depth draw other numbers
    }
    Optional<RunFolder.Run> earlier = folder.earlier();
    earlier.ifPresent(run -> compare(settings, machine, run, folder.root(), log));
    try (RunReport report = new RunReport(folder, log);
        TrainState state =
            new TrainState(trainee.parameters, manager, optimizer(), plan.recipe().emaDecay())) {
      CheckpointKeeper keeper = new CheckpointKeeper(folder, report, log, plan);
      @Nullable RunProgress found = keeper.restore(state);
      RunProgress progress = found == null ? begin(state) : found;
      earlier.ifPresent(run -> checkEpochs(run, progress, folder.root()));
      folder.describe(settings, options(), machine);
      if (found == null && coolDown != null) {
        log.line(coolDown.toString());
        keeper.save(state, progress); // from here on the run that it began in is not needed
      }
      say(log);
      RunPlan runPlan = runPlan(folder.root(), progress);
      log.line("begins after step %d of %d".formatted(progress.step, runPlan.steps()));
      listener.began(runPlan);
      TrainingLoop loop =
          new TrainingLoop(
              new TrainingLoop.Parts(
                  plan,
                  runPlan,
                  trainee.model,
                  manager,
                  objective,
                  validation == null
                      ? null
                      : new Validation(plan.validationLoader(validation), manager, listener),
                  state,
                  progress,
                  keeper,
                  report,
                  log,
                  listener));
      loop.run();
      saveLast(state, report, folder);
      report.curves();
      log.line("is over after epoch " + progress.epoch);
      return new Outcome(
          folder.root(),
          report.epochs(),
          progress.bestEpoch,
          loop.isEarlyStop() && progress.epoch < plan.recipe().epochs(),
          List.copyOf(progress.unreadable),
          log.notes());
    }
  }

  private RunProgress begin(TrainState state) {
    return coolDown == null ? new RunProgress() : coolDown.restore(state);
  }

  private void saveLast(TrainState state, RunReport report, RunFolder folder) {
    boolean saved =
        state.averaged(
            () ->
                report.attempt("the result", () -> objective.finished(folder.root()))
                    && report.model(RunFolder.LAST, trainee.model));
    if (!saved) {
      throw new BadInputException(
          "training is over, but %s could not be written; make room and start it again, which writes it from the last checkpoint"
              .formatted(folder.file(RunFolder.LAST)));
    }
  }

  private Optimizer optimizer() {
    Optimization chosen = plan.recipe().optimization();
    Optimizer.Builder builder =
        switch (chosen.kind()) {
          case ADAMW -> AdamW.builder();
          case LAMB -> Lamb.builder();
          case SGD -> Optimizer.by(new Sgd(chosen.momentum(), chosen.momentum() > 0));
          case ADAFACTOR -> Adafactor.builder();
        };
    if (chosen.clipNorm() > 0) {
      builder.clipNorm(chosen.clipNorm());
    }
    if (chosen.bfloat16Momentum()) {
      builder.bfloat16Momentum();
    }
    List<ViTParameter> trained =
        trainee.parameters.stream().filter(p -> p.parameter().requiresGradient()).toList();
    ParameterGroups groups =
        ParameterGroups.of(trained).weightDecay(chosen.weightDecay()).headDecay(chosen.headDecay());
    return builder
        .groups(
            plan.layerDecay() == 1
                ? groups
                : groups.layerDecay(trainee.model.network(), plan.layerDecay()))
        .build();
  }

  private RunPlan runPlan(Path folder, RunProgress progress) {
    return new RunPlan(
        folder,
        plan.recipe().epochs(),
        plan.stepsPerEpoch(),
        progress.step,
        plan.images().size(),
        validation == null ? 0 : validation.size(),
        trainee.trained(),
        trainee.all());
  }

  /** What must stay for a run to go on. */
  private Settings settings() {
    Settings settings =
        new Settings()
            .putAll("recipe", plan.recipe().withEpochs(1))
            .put(Settings.EPOCHS, plan.recipe().epochs())
            .put("seed", plan.seed())
            .put("microBatch", plan.microBatch())
            .put("layerDecay", plan.layerDecay())
            .putAll("preprocessing", plan.preprocessing())
            .putJson("model", trainee.model.network().config().toJson())
            .put("model.values", Fingerprint.of(trainee.base.network()))
            .put("data.train", Fingerprint.of(plan.images()));
    if (precision() != Precision.FLOAT32) {
      settings.put("precision", precision());
    }
    objective.settings().forEach(settings::put);
    if (coolDown != null) {
      coolDown.settings().forEach(settings::put);
    }
    return settings;
  }

  private Precision precision() {
    return trainee.model.network().routes().training();
  }

  /** What may change from one start to the next. */
  private Settings options() {
    return new Settings()
        .put("patience", plan.patience())
        .put("skipUnreadable", plan.skipUnreadable())
        .put("workers", plan.workers())
        .put("checkpointEvery", plan.checkpointEvery())
        .put("checkpointSteps", plan.checkpointSteps())
        .put("keepEvery", plan.keepEvery());
  }

  private static void compare(
      Settings now, Settings machine, RunFolder.Run run, Path root, RunLog log) {
    List<String> differences = now.differencesOfRuns(new Settings(requireNonNull(run.settings())));
    if (!differences.isEmpty()) {
      throw new BadInputException(
          "%s holds a run with other settings: %s; give the same to go on, or use another folder"
              .formatted(root, Settings.shortened(differences)));
    }
    Map<String, String> before = run.machine() == null ? Map.of() : run.machine();
    List<String> moved = machine.differences(new Settings(before));
    if (!moved.isEmpty()) {
      boolean draws = moved.stream().anyMatch(text -> text.startsWith("recompute"));
      log.note(
          "the run goes on under other conditions, so %s of its weights will differ from an uninterrupted one's: %s"
              .formatted(
                  draws
                      ? "dropout and stochastic depth draw other numbers and the values"
                      : "the last bits",
                  String.join("; ", moved)));
    }
  }

  /** Another number of epochs is sound if all steps so far had the rates that they would have. */
  private void checkEpochs(RunFolder.Run run, RunProgress progress, Path root) {
    int then = Integer.parseInt(requireNonNull(run.settings()).getOrDefault(Settings.EPOCHS, "0"));
    int now = plan.recipe().epochs();
    if (then == now || progress.step == 0) {
      return;
    }
    Schedule before = plan.withEpochs(then).schedule();
    Schedule after = plan.schedule();
    for (long step = 0; step < progress.step; step++) {
      if (before.at(step) != after.at(step)) {
        throw new BadInputException(
            "%s holds a run of %d epochs, and here are %d; its learning rates follow from the number, so step %d would have had another: give %d epochs, or train on from %s in another folder"
                .formatted(root, then, now, step, then, trainedIn(root)));
      }
    }
    if (progress.epoch > now || progress.epoch == now && progress.stepInEpoch > 0) {
      throw new BadInputException(
          "%s holds a run that is in its epoch %d already, beyond %d epochs; give more"
              .formatted(root, progress.epoch + 1, now));
    }
  }

  private Path trainedIn(Path root) {
    return root.resolve(validation == null ? RunFolder.LAST : RunFolder.BEST);
  }

  private void say(RunLog log) {
    List<String> notes = new ArrayList<>(trainee.notes);
    if (plan.recipe().batch() > plan.images().size()) {
      notes.add(
          "the recipe's batch of %d is larger than the %d training images, so every epoch is one step; batch(n) makes it smaller"
              .formatted(plan.recipe().batch(), plan.images().size()));
    }
    if (plan.wantedWarmUpSteps() > plan.warmUpSteps()) {
      notes.add(
          "a warm-up of %s epochs is too long for %d; it takes half of the run"
              .formatted(plan.recipe().optimization().warmupEpochs(), plan.recipe().epochs()));
    }
    if (plan.microBatch() == 1 && TrainState.movesStatistics(trainee.parameters)) {
      notes.add(
          "BatchNorm in the stem learns its statistics from single images, which is noisy; larger portions, or a strategy that freezes the stem, are better");
    }
    notes.forEach(log::note);
  }
}
