package io.github.vit4j.finetune.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.RandomStreams;
import io.github.vit4j.finetune.data.BatchLoader;
import io.github.vit4j.finetune.data.ImageBatch;
import io.github.vit4j.finetune.data.UnreadableSample;
import io.github.vit4j.finetune.optim.StepReport;
import io.github.vit4j.finetune.optim.TrainingStep;
import io.github.vit4j.finetune.schedule.Schedule;
import io.github.vit4j.zoo.ViTModel;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Steps, epochs and checkpoints. Whatever a step does follows from the settings and its number, and
 * every checkpoint lies between two steps, so a run that was cut off anywhere comes to the same
 * weights, bit for bit.
 */
final class TrainingLoop {

  /** Keys 1 to 3 of the streams are the loader's. */
  private static final long ENGINE_STREAM = 16;

  private static final int MOST_SKIPPED = 10;

  private final TrainPlan plan;
  private final RunPlan runPlan;
  private final ViTModel model;
  private final NDManager manager;
  private final TrainState state;
  private final Objective objective;
  private final @Nullable Validation validation;
  private final Schedule schedule;
  private final RunReport report;
  private final RunLog log;
  private final TrainListener listener;
  private final CheckpointKeeper checkpoints;
  private final Pace pace = new Pace();
  private final RunProgress progress;
  private final int stepsPerEpoch;
  private final int portionsPerStep;
  private final int imagesPerStep;
  private int skippedInARow;
  private boolean between = true;

  /** Everything that a run works with. */
  record Parts(
      TrainPlan plan,
      RunPlan runPlan,
      ViTModel model,
      NDManager manager,
      Objective objective,
      @Nullable Validation validation,
      TrainState state,
      RunProgress progress,
      CheckpointKeeper checkpoints,
      RunReport report,
      RunLog log,
      TrainListener listener) {}

  TrainingLoop(Parts parts) {
    plan = parts.plan;
    runPlan = parts.runPlan;
    model = parts.model;
    manager = parts.manager;
    state = parts.state;
    progress = parts.progress;
    checkpoints = parts.checkpoints;
    report = parts.report;
    log = parts.log;
    listener = parts.listener;
    objective = parts.objective;
    validation = parts.validation;
    schedule = plan.schedule();
    stepsPerEpoch = plan.stepsPerEpoch();
    portionsPerStep = plan.portionsPerStep();
    imagesPerStep = portionsPerStep * plan.microBatch();
  }

  /** Trains until the run is over, or something ends it; then there is a checkpoint. */
  void run() {
    if (isOver()) {
      return;
    }
    try (BatchLoader loader = plan.loader().start()) {
      loader.seek(progress.epoch, progress.stepInEpoch * portionsPerStep);
      while (!isOver()) {
        if (Thread.currentThread().isInterrupted()) {
          throw new CancellationException(
              "interrupted after step %d; start it again to go on".formatted(progress.step));
        }
        if (progress.stepInEpoch < stepsPerEpoch) {
          step(loader);
        } else {
          endEpoch();
          if (plan.portions() % portionsPerStep != 0) {
            loader.seek(progress.epoch, 0); // past portions that do not make a step
          }
        }
      }
    } catch (RuntimeException e) {
      saveBeforeLeaving();
      throw e;
    }
  }

  boolean isOver() {
    return progress.epoch >= plan.recipe().epochs() || isEarlyStop();
  }

  boolean isEarlyStop() {
    return plan.patience() > 0
        && progress.bestEpoch > 0
        && progress.epoch - progress.bestEpoch >= plan.patience();
  }

  private void step(BatchLoader loader) {
    long start = System.nanoTime();
    double rate = schedule.at(progress.step);
    Tally tally = new Tally();
    state.beginStep();
    for (int i = 0; i < portionsPerStep; i++) {
      try (ImageBatch batch = loader.next()) {
        seed(i);
        if (batch.size() > 0) { // or none of them could be read
          portion(batch, i, tally);
        }
      }
    }
    between = false;
    StepReport taken = update(tally, rate);
    state.endStep(taken.taken());
    count(tally, taken);
    between = true;
    note(loader.unreadable());
    double seconds = (System.nanoTime() - start) / 1e9;
    progress.trainSeconds += seconds;
    pace.step(seconds, tally.images);
    StepMetrics now = now(rate);
    report.step(progress.step, now, tally.meanLoss(), taken.gradientNorm());
    listener.step(now);
    if (!taken.taken() && tally.images > 0) {
      skipped(tally, taken);
    } else {
      skippedInARow = taken.taken() ? 0 : skippedInARow;
      if (progress.stepInEpoch < stepsPerEpoch) { // an epoch's end has a checkpoint of its own
        checkpoints.saveIfDue(state, progress);
      }
    }
  }

  private void seed(int portion) {
    // the engine's generator has no state that could be saved, so it begins anew each time
    Engine.getEngine("PyTorch").setRandomSeed((int) seedOf(portion));
  }

  private long seedOf(int portion) {
    return RandomStreams.seed(plan.seed(), ENGINE_STREAM, progress.step, portion);
  }

  /** One forward and backward pass. */
  private void portion(ImageBatch batch, int index, Tally tally) {
    try (NDManager scope = manager.newSubManager()) {
      Objective.Moment now = new Objective.Moment(plan.seed(), progress.step, index);
      Objective.Portion portion = objective.prepare(batch, scope, now);
      try (TrainingStep step = TrainingStep.begin(scope)) {
        if (plan.recompute()) {
          step.recompute(seedOf(index));
        }
        NDArray loss = portion.loss(step);
        float value = loss.getFloat();
        tally.add(value, portion.score(), batch.size());
        if (Float.isFinite(value)) {
          step.backward(loss, portionsPerStep == 1 ? 1 : batch.size() / (double) imagesPerStep);
        }
      }
    }
  }

  private StepReport update(Tally tally, double rate) {
    if (tally.images == 0 || !Double.isFinite(tally.loss)) {
      state.optimizer.zeroGradients();
      return new StepReport(Double.NaN, false);
    }
    if (portionsPerStep > 1 && tally.images < imagesPerStep) {
      // some could not be read, and the mean is over the others
      state.optimizer.scaleGradients((double) imagesPerStep / tally.images);
    }
    StepReport taken = state.optimizer.step(rate);
    if (taken.taken() && state.ema != null) {
      state.ema.update();
    }
    return taken;
  }

  private void count(Tally tally, StepReport taken) {
    progress.step++;
    progress.stepInEpoch++;
    if (taken.taken()) {
      progress.lossSum += tally.loss;
      progress.normSum += taken.gradientNorm();
      progress.normSteps++;
      progress.right += tally.right;
      progress.counted += tally.counted;
      progress.seen += tally.images;
    } else if (tally.images > 0) {
      progress.skipped++;
    }
  }

  private void skipped(Tally tally, StepReport taken) {
    String what =
        Double.isFinite(tally.loss)
            ? "the gradient's norm was " + taken.gradientNorm()
            : "the loss was " + tally.loss;
    log.note("step %d was skipped: %s".formatted(progress.step, what));
    if (++skippedInARow >= MOST_SKIPPED) {
      throw new BadInputException(
          "training has diverged: %d steps in a row had to be skipped, and at the last %s; the newest checkpoint in %s is older and good. Begin anew in another folder with a lower rate, a longer warm-up, or gradients clipped"
              .formatted(MOST_SKIPPED, what, runPlan.folder()));
    }
  }

  /** Sums over the images of a step. */
  private static final class Tally {
    private double loss;
    private long right;
    private long counted;
    private long images;

    void add(float mean, Objective.Score score, int size) {
      right += score.right();
      counted += score.counted();
      loss += (double) mean * size;
      images += size;
    }

    double meanLoss() {
      return loss / images; // not a number if there is no image, as of no image
    }
  }

  private StepMetrics now(double rate) {
    long left = runPlan.steps() - progress.step;
    return new StepMetrics(
        progress.epoch + 1,
        progress.step,
        runPlan,
        progress.meanLoss(),
        progress.top1Percent(),
        rate,
        pace.imagesPerSecond(),
        pace.left(left, (long) plan.recipe().epochs() - progress.epoch));
  }

  private void note(List<UnreadableSample> unreadable) {
    for (UnreadableSample sample : unreadable) {
      if (progress.unreadable.add(sample.name())) {
        log.note("%s is left out: %s".formatted(sample.name(), sample.problem()));
      }
    }
  }

  private void endEpoch() {
    EpochEnd end;
    between = false;
    try {
      end = state.averaged(this::measure);
    } finally {
      between = true; // the model has its own weights again
    }
    report.epoch(progress.step, end.metrics);
    log.line(Texts.line(end.metrics, end.best));
    progress.beginEpoch();
    if (skippedInARow == 0) {
      checkpoints.save(state, progress);
    }
    listener.epoch(end.metrics, end.best);
  }

  private record EpochEnd(EpochMetrics metrics, boolean best) {}

  private EpochEnd measure() {
    long start = System.nanoTime();
    Validation.@Nullable Found found =
        validation == null ? null : validation.measure(model.network());
    int epoch = progress.epoch + 1;
    report.attempt(
        "a look at epoch " + epoch,
        () -> objective.epochOver(epoch, epoch == plan.recipe().epochs(), runPlan.folder()));
    double seconds = (System.nanoTime() - start) / 1e9;
    pace.evaluation(seconds);
    if (found == null) {
      return new EpochEnd(training(seconds), false);
    }
    note(found.unreadable());
    EpochMetrics metrics = found.in(training(seconds));
    boolean best = progress.improves(metrics.top1(), metrics.loss());
    if (best && report.model(RunFolder.BEST, model)) {
      progress.bestTop1 = metrics.top1();
      progress.bestLoss = metrics.loss();
      progress.bestEpoch = metrics.epoch();
      report.attempt("what is kept of the best epoch", () -> objective.best(runPlan.folder()));
      report.confusion(found.confusion());
    }
    return new EpochEnd(metrics, best);
  }

  private EpochMetrics training(double evaluationSeconds) {
    return EpochMetrics.training(
        progress.epoch + 1,
        schedule.at(progress.step - 1),
        progress.meanLoss(),
        progress.top1Percent(),
        progress.normSum / Math.max(1, progress.normSteps),
        progress.skipped,
        progress.seen / Math.max(1e-9, progress.trainSeconds),
        progress.trainSeconds + evaluationSeconds);
  }

  private void saveBeforeLeaving() {
    if (!between || skippedInARow > 0) {
      return;
    }
    state.endStep(false); // a step that was begun is as if it had not been
    checkpoints.save(state, progress);
  }
}
