package io.github.vit4j.finetune.train;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.Augmentation;
import io.github.vit4j.finetune.augment.Mixup;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.loss.CrossEntropy;
import io.github.vit4j.finetune.loss.Distillation;
import io.github.vit4j.finetune.optim.AdamW;
import io.github.vit4j.finetune.optim.Lamb;
import io.github.vit4j.finetune.optim.Optimizer;
import io.github.vit4j.finetune.optim.ParameterGroups;
import io.github.vit4j.finetune.optim.Sgd;
import io.github.vit4j.finetune.recipe.LossKind;
import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.recipe.OptimizerKind;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.recipe.ScheduleKind;
import io.github.vit4j.finetune.schedule.Schedule;
import io.github.vit4j.finetune.task.TaskFile;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One start of a run: puts everything together, compares it with what is there, trains. */
final class FineTuneRun {

  private static final double FEW = 0.05;
  private static final double RATE = 1e-4;
  private static final double RATE_OF_FEW = 1e-3;
  private static final String EPOCHS = "epochs";

  private final FineTuner choices;
  private final DataSplits data;
  private final Path root;

  private FineTuneRun(FineTuner choices, DataSplits data, Path root) {
    this.choices = choices;
    this.data = data;
    this.root = root;
  }

  static FineTuneRun of(FineTuner choices) {
    return new FineTuneRun(choices, requireNonNull(choices.data), requireNonNull(choices.folder));
  }

  FineTuneResult fit() {
    DataRules.check(data);
    Recipe recipe = recipe();
    EvalTransform preprocessing = recipe.evaluation(choices.model.preprocessing());
    if (choices.teacher != null) {
      choices.teacher.requireFit(preprocessing, data.train().classes().size());
    }
    FittedModel.Fit fit =
        new FittedModel.Fit(
            data.train().classes(),
            preprocessing,
            recipe.dropPath(),
            choices.zeroHead,
            choices.seed);
    try (FittedModel fitted = FittedModel.of(choices.model, fit)) {
      choices.strategy.applyTo(fitted.network());
      FineTunePlan plan = plan(withDefaultRate(recipe, fitted.network()), preprocessing);
      DataRules.check(plan, fitted.network());
      try (RunFolder folder = RunFolder.open(root)) {
        return fit(plan, fitted, folder);
      }
    }
  }

  private Recipe recipe() {
    Recipe recipe = choices.recipe == null ? defaults() : choices.recipe;
    if (choices.resolution > 0) {
      recipe = recipe.withImageSize(choices.resolution);
    }
    if (choices.epochs > 0) {
      recipe = recipe.withEpochs(choices.epochs);
    }
    if (choices.batch > 0) {
      recipe = recipe.scaledToBatch(choices.batch);
    }
    Optimization optimization = recipe.optimization();
    return choices.rate > 0
        ? recipe.withOptimization(optimization.scaled(choices.rate / optimization.rate()))
        : recipe;
  }

  private Recipe defaults() {
    EvalTransform preprocessing = choices.model.preprocessing();
    return new Recipe(
        "fine-tune",
        preprocessing.height(),
        preprocessing.cropRatio(),
        10,
        32,
        new Optimization(
            OptimizerKind.ADAMW,
            RATE,
            0.05,
            0.9,
            1,
            ScheduleKind.COSINE,
            1,
            RATE / 100,
            RATE / 100),
        Augmentation.BASIC.withMinScale(0.35),
        Mixup.smoothing(0.1),
        LossKind.CROSS_ENTROPY,
        0,
        0);
  }

  private Recipe withDefaultRate(Recipe recipe, VisionTransformer network) {
    boolean few = trained(network) < FEW * size(network.namedParameters());
    return choices.recipe == null && choices.rate == 0 && few
        ? recipe.withOptimization(recipe.optimization().scaled(RATE_OF_FEW / RATE))
        : recipe;
  }

  private static long trained(VisionTransformer network) {
    return size(network.trainable());
  }

  private static long size(List<ViTParameter> parameters) {
    return parameters.stream().mapToLong(ViTParameter::size).sum();
  }

  private FineTunePlan plan(Recipe recipe, EvalTransform preprocessing) {
    int whole = Math.min(recipe.batch(), data.train().size());
    int micro = choices.microBatch > 0 ? choices.microBatch : whole;
    return new FineTunePlan(
        recipe,
        data,
        preprocessing,
        micro,
        choices.layerDecay,
        choices.seed,
        choices.patience,
        choices.skipUnreadable,
        choices.workers,
        choices.checkpointEvery,
        choices.checkpointSteps,
        choices.teacher);
  }

  private FineTuneResult fit(FineTunePlan plan, FittedModel fitted, RunFolder folder) {
    RunLog log = new RunLog(folder, choices.listener);
    Settings settings = settings(plan, fitted.network());
    NDManager manager = fitted.model().getNDManager();
    Settings machine = Machine.describe(manager.getDevice(), fitted.network().routes());
    Optional<RunFolder.Run> earlier = folder.earlier();
    earlier.ifPresent(run -> compare(settings, machine, run, log));
    try (RunReport report = new RunReport(folder, log);
        TrainState state =
            new TrainState(
                fitted.network(),
                manager,
                optimizer(plan, fitted.network()),
                plan.recipe().emaDecay())) {
      CheckpointKeeper keeper =
          new CheckpointKeeper(folder, report, log, plan.checkpointEvery(), plan.checkpointSteps());
      @Nullable RunProgress found = keeper.restore(state);
      RunProgress progress = found == null ? new RunProgress() : found;
      earlier.ifPresent(run -> checkEpochs(plan, run, progress));
      folder.describe(settings, options(plan), machine);
      say(plan, fitted, log);
      RunPlan runPlan = runPlan(folder.root(), plan, fitted.network(), progress);
      log.line("begins after step %d of %d".formatted(progress.step, runPlan.steps()));
      choices.listener.began(runPlan);
      ViTModel model = ViTModel.of(fitted.model(), plan.preprocessing(), fitted.labels());
      TrainingLoop loop =
          new TrainingLoop(
              new TrainingLoop.Parts(
                  plan,
                  runPlan,
                  model,
                  manager,
                  state,
                  progress,
                  keeper,
                  report,
                  log,
                  choices.listener));
      loop.run();
      saveLast(state, report, model, folder);
      report.curves();
      log.line("is over after epoch " + progress.epoch);
      return new FineTuneResult(
          withTask(trained(folder, manager), folder),
          folder.root(),
          report.epochs(),
          progress,
          loop.isEarlyStop() && progress.epoch < plan.recipe().epochs(),
          log.notes());
    }
  }

  private static void saveLast(
      TrainState state, RunReport report, ViTModel model, RunFolder folder) {
    if (!state.averaged(() -> report.model(RunFolder.LAST, model))) {
      throw new BadInputException(
          "training is over, but %s could not be written; make room and start it again, which writes it from the last checkpoint"
              .formatted(folder.file(RunFolder.LAST)));
    }
  }

  /** Writes beside the model what makes it of the caller's, which training has left alone. */
  private ViTModel withTask(ViTModel trained, RunFolder folder) {
    try {
      TaskFile.write(trained, choices.model, folder.file(RunFolder.TASK));
      return trained;
    } catch (RuntimeException e) {
      trained.close();
      throw e;
    }
  }

  private static ViTModel trained(RunFolder folder, NDManager manager) {
    Path best = folder.file(RunFolder.BEST);
    Path file = Files.exists(best) ? best : folder.file(RunFolder.LAST);
    return ViTModel.at(file).device(manager.getDevice()).load();
  }

  private static Optimizer optimizer(FineTunePlan plan, VisionTransformer network) {
    Optimization chosen = plan.recipe().optimization();
    Optimizer.Builder builder =
        switch (chosen.kind()) {
          case ADAMW -> AdamW.builder();
          case LAMB -> Lamb.builder();
          case SGD -> Optimizer.by(new Sgd(chosen.momentum(), chosen.momentum() > 0));
        };
    if (chosen.clipNorm() > 0) {
      builder.clipNorm(chosen.clipNorm());
    }
    ParameterGroups groups =
        ParameterGroups.of(network.trainable()).weightDecay(chosen.weightDecay());
    return builder
        .groups(plan.layerDecay() == 1 ? groups : groups.layerDecay(network, plan.layerDecay()))
        .build();
  }

  private static RunPlan runPlan(
      Path folder, FineTunePlan plan, VisionTransformer network, RunProgress progress) {
    return new RunPlan(
        folder,
        plan.recipe().epochs(),
        plan.stepsPerEpoch(),
        progress.step,
        plan.data().train().size(),
        plan.data().validation().size(),
        trained(network),
        size(network.namedParameters()));
  }

  /** What must stay for a run to go on. */
  private Settings settings(FineTunePlan plan, VisionTransformer network) {
    Settings settings =
        new Settings()
            .putAll("recipe", plan.recipe().withEpochs(1))
            .put(EPOCHS, plan.recipe().epochs())
            .put("seed", plan.seed())
            .put("microBatch", plan.microBatch())
            .put("layerDecay", plan.layerDecay())
            .put("zeroHead", choices.zeroHead)
            .putAll("preprocessing", plan.preprocessing())
            .putJson("model", network.config().toJson())
            .put("model.values", Fingerprint.of(choices.model.network()))
            .put("strategy", named(choices.strategy))
            .put(
                "strategy.trains",
                Fingerprint.of(network.trainable().stream().map(ViTParameter::path).toList()))
            .put("data.train", Fingerprint.of(data.train()))
            .put("data.validation", Fingerprint.of(data.validation()))
            .put("data.classes", Fingerprint.of(data.train().classes()));
    if (plan.teacher() != null) {
      Distillation rule = plan.teacher().rule().over(new CrossEntropy(0));
      settings
          .put("teacher.values", Fingerprint.of(plan.teacher().model().network()))
          .put("teacher.rule", named(rule));
    }
    return settings;
  }

  /** A record says what it is; what a lambda says differs from one process to the next. */
  private static String named(Object thing) {
    return thing instanceof Record ? thing.toString() : "custom";
  }

  /** What may change from one start to the next. */
  private static Settings options(FineTunePlan plan) {
    return new Settings()
        .put("patience", plan.patience())
        .put("skipUnreadable", plan.skipUnreadable())
        .put("workers", plan.workers())
        .put("checkpointEvery", plan.checkpointEvery())
        .put("checkpointSteps", plan.checkpointSteps());
  }

  private void compare(Settings now, Settings machine, RunFolder.Run run, RunLog log) {
    Settings then = new Settings(requireNonNull(run.settings()));
    then.put(
        EPOCHS,
        requireNonNull(now.values().get(EPOCHS))); // may change where the schedule allows it
    List<String> differences = now.differences(then);
    if (!differences.isEmpty()) {
      int more = Math.max(0, differences.size() - 5);
      throw new BadInputException(
          "%s holds a run with other settings: %s%s; give the same to go on, or use another folder"
              .formatted(
                  root,
                  String.join("; ", differences.subList(0, differences.size() - more)),
                  more == 0 ? "" : "; and %d more".formatted(more)));
    }
    Map<String, String> before = run.machine() == null ? Map.of() : run.machine();
    List<String> moved = machine.differences(new Settings(before));
    if (!moved.isEmpty()) {
      log.note(
          "the run goes on under other conditions, so the last bits of its weights will differ from an uninterrupted one's: "
              + String.join("; ", moved));
    }
  }

  /** Another number of epochs is sound if all steps so far had the rates that they would have. */
  private void checkEpochs(FineTunePlan plan, RunFolder.Run run, RunProgress progress) {
    int then = Integer.parseInt(requireNonNull(run.settings()).getOrDefault(EPOCHS, "0"));
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
                .formatted(root, then, now, step, then, root.resolve(RunFolder.BEST)));
      }
    }
    if (progress.epoch > now || progress.epoch == now && progress.stepInEpoch > 0) {
      throw new BadInputException(
          "%s holds a run that is in its epoch %d already, beyond %d epochs; give more"
              .formatted(root, progress.epoch + 1, now));
    }
  }

  private void say(FineTunePlan plan, FittedModel fitted, RunLog log) {
    if (!fitted.newHead().isEmpty()) {
      log.note(fitted.newHead());
    }
    if (plan.recipe().batch() > plan.data().train().size()) {
      log.note(
          "the recipe's batch of %d is larger than the %d training images, so every epoch is one step; batch(n) makes it smaller"
              .formatted(plan.recipe().batch(), plan.data().train().size()));
    }
    if (plan.wantedWarmUpSteps() > plan.warmUpSteps()) {
      log.note(
          "a warm-up of %s epochs is too long for %d; it takes half of the run"
              .formatted(plan.recipe().optimization().warmupEpochs(), plan.recipe().epochs()));
    }
    if (plan.microBatch() == 1 && TrainState.movesStatistics(fitted.network())) {
      log.note(
          "BatchNorm in the stem learns its statistics from single images, which is noisy; larger portions, or a strategy that freezes the stem, are better");
    }
  }
}
