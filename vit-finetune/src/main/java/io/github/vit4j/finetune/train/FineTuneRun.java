package io.github.vit4j.finetune.train;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDManager;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.Augmentation;
import io.github.vit4j.finetune.augment.Mixup;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.loss.CrossEntropy;
import io.github.vit4j.finetune.loss.Distillation;
import io.github.vit4j.finetune.recipe.LossKind;
import io.github.vit4j.finetune.recipe.Optimization;
import io.github.vit4j.finetune.recipe.OptimizerKind;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.recipe.ScheduleKind;
import io.github.vit4j.finetune.task.BaseDigest;
import io.github.vit4j.finetune.task.TaskFile;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One start of a fine-tuning run: fits a copy of the model to the data, trains it, reads it back.
 */
final class FineTuneRun {

  private static final double FEW = 0.05;
  private static final double RATE = 1e-4;
  private static final double RATE_OF_FEW = 1e-3;

  private final FineTuner choices;
  private final DataSplits data;
  private final Path root;
  private @Nullable BaseDigest base;

  private FineTuneRun(FineTuner choices, DataSplits data, Path root) {
    this.choices = choices;
    this.data = data;
    this.root = root;
  }

  static FineTuneRun of(FineTuner choices) {
    return new FineTuneRun(choices, requireNonNull(choices.data), choices.folder());
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
            choices.routes(choices.model.network().routes()),
            choices.zeroHead,
            choices.seed());
    try (FittedModel fitted = FittedModel.of(choices.model, fit)) {
      VisionTransformer network = fitted.network();
      choices.strategy.applyTo(network);
      TrainPlan plan =
          choices.plan(
              withDefaultRate(recipe, network),
              data.train(),
              preprocessing,
              choices.layerDecay,
              choices.patience);
      NDManager manager = fitted.model().getNDManager();
      TrainingRun.Trainee trainee = trainee(fitted, preprocessing);
      Classification objective =
          new Classification(
              network,
              plan.recipe().loss(),
              choices.teacher,
              settings(network),
              folder -> keepLowRank(trainee.model(), folder));
      return new TrainingRun(plan, trainee, objective)
          .validation(data.validation())
          .into(
              root,
              choices.listener(),
              outcome -> result(outcome, network.lowRank().unmerged().isPresent(), manager));
    }
  }

  private TrainingRun.Trainee trainee(FittedModel fitted, EvalTransform preprocessing) {
    List<String> notes = fitted.newHead().isEmpty() ? List.of() : List.of(fitted.newHead());
    return new TrainingRun.Trainee(
        choices.model,
        ViTModel.of(fitted.model(), preprocessing, fitted.labels()),
        fitted.network().namedParameters(),
        notes);
  }

  private FineTuneResult result(TrainingRun.Outcome outcome, boolean branches, NDManager manager) {
    ViTModel trained = trained(outcome.folder(), manager);
    boolean kept = branches && Files.exists(root.resolve(RunFolder.TASK));
    return new FineTuneResult(kept ? trained : withTask(trained), outcome);
  }

  /**
   * Writes low-rank branches as a task while they stand beside the weights: the best model's file
   * has them merged, and a task made of that would be as large as the weights they change.
   */
  private void keepLowRank(ViTModel live, Path folder) {
    if (live.network().lowRank().unmerged().isPresent()) {
      if (base == null) {
        base = BaseDigest.of(choices.model);
      }
      TaskFile.writer(live, base).write(folder.resolve(RunFolder.TASK));
    }
  }

  private Recipe recipe() {
    Recipe recipe = choices.chosen(this::defaults);
    if (choices.resolution > 0) {
      return recipe.withImageSize(choices.resolution);
    }
    ViTConfig own = choices.model.network().config();
    if (choices.isByDefault() && own.imageHeight() != own.imageWidth()) {
      throw new BadInputException(
          "the model takes images of %d x %d pixels, and training is with square ones; choose their side with resolution(%d)"
              .formatted(own.imageHeight(), own.imageWidth(), own.imageHeight()));
    }
    return recipe;
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
    boolean few = size(network.trainable()) < FEW * size(network.namedParameters());
    return choices.isByDefault() && few
        ? recipe.withOptimization(recipe.optimization().scaled(RATE_OF_FEW / RATE))
        : recipe;
  }

  private static long size(List<ViTParameter> parameters) {
    return parameters.stream().mapToLong(ViTParameter::size).sum();
  }

  /** Writes beside the model what makes it of the caller's, which training has left alone. */
  private ViTModel withTask(ViTModel trained) {
    try {
      TaskFile.write(trained, choices.model, root.resolve(RunFolder.TASK));
      return trained;
    } catch (RuntimeException e) {
      trained.close();
      throw e;
    }
  }

  private static ViTModel trained(Path folder, NDManager manager) {
    Path best = folder.resolve(RunFolder.BEST);
    Path file = Files.exists(best) ? best : folder.resolve(RunFolder.LAST);
    return ViTModel.at(file).device(manager.getDevice()).load();
  }

  /** What must stay for a run to go on, beside what every run has. */
  private Map<String, String> settings(VisionTransformer network) {
    Settings settings =
        new Settings()
            .put("zeroHead", choices.zeroHead)
            .put("strategy", RecordText.of(choices.strategy))
            .put(
                "strategy.trains",
                Fingerprint.of(network.trainable().stream().map(ViTParameter::path).toList()))
            .put("data.validation", Fingerprint.of(data.validation()))
            .put("data.classes", Fingerprint.of(data.train().classes()));
    if (choices.teacher != null) {
      Distillation rule = choices.teacher.rule().over(new CrossEntropy(0));
      settings
          .put("teacher.values", Fingerprint.of(choices.teacher.model().network()))
          .put("teacher.rule", RecordText.of(rule));
    }
    return settings.values();
  }
}
