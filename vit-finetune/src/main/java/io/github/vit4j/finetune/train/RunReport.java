package io.github.vit4j.finetune.train;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.evaluate.ConfusionMatrix;
import io.github.vit4j.finetune.report.Curves;
import io.github.vit4j.finetune.report.MetricsFile;
import io.github.vit4j.finetune.report.TensorBoardLog;
import io.github.vit4j.model.LowRank;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The files of a run that people look at. None of them is worth a lost run: what cannot be written
 * is said, and training goes on.
 */
final class RunReport implements AutoCloseable {

  private final RunFolder folder;
  private final RunLog log;
  private final MetricsFile metrics;
  private @Nullable TensorBoardLog events;
  private boolean eventsFailed;

  RunReport(RunFolder folder, RunLog log) {
    this.folder = folder;
    this.log = log;
    metrics = new MetricsFile(folder.file(RunFolder.METRICS), EpochMetrics.COLUMNS);
  }

  void step(long step, StepMetrics now, double loss, double norm) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("train/loss", loss);
    scalars.put("train/rate", now.rate());
    scalars.put("train/gradient_norm", norm);
    scalars.put("train/images_per_second", now.imagesPerSecond());
    event(step, scalars);
  }

  void epoch(long step, EpochMetrics epoch) {
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("train/epoch_loss", epoch.trainLoss());
    scalars.put("train/top1", epoch.trainTop1());
    scalars.put("val/loss", epoch.loss());
    scalars.put("val/top1", epoch.top1());
    scalars.put("val/top5", epoch.top5());
    scalars.put("val/mean_class", epoch.meanClass());
    eventsFailed = false; // a disk that was full may have room again
    event(step, scalars);
    attempt(RunFolder.METRICS, () -> metrics.add(epoch.epoch(), epoch.row()));
  }

  private void event(long step, Map<String, Double> scalars) {
    scalars.values().removeIf(value -> value.isNaN());
    if (eventsFailed) {
      return;
    }
    eventsFailed =
        !attempt(
            "events",
            () -> {
              if (events == null) {
                events = new TensorBoardLog(folder.file(RunFolder.EVENTS));
              }
              events.add(step, scalars);
            });
    if (eventsFailed) {
      dropEvents(); // nothing can be read behind a record that was cut short
    }
  }

  private void dropEvents() {
    TensorBoardLog open = events;
    events = null;
    if (open != null) {
      try {
        open.close();
      } catch (BadInputException alreadySaid) {
        return;
      }
    }
  }

  /**
   * Writes a file of the run.
   *
   * @return whether that worked; if not, the user was told
   */
  boolean attempt(String what, Runnable writing) {
    boolean interrupted = Thread.interrupted(); // or no file could be written
    try {
      if (folder.restore()) {
        dropEvents();
        log.note(
            "somebody deleted %s; it was made again, and what is still to come goes there"
                .formatted(folder.root()));
      }
      writing.run();
      return true;
    } catch (IllegalArgumentException | UncheckedIOException e) {
      log.note("%s could not be written: %s; training goes on".formatted(what, e.getMessage()));
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Saves a model; low-rank branches are merged into its weights meanwhile. */
  boolean model(String name, ViTModel model) {
    LowRank lowRank = model.network().lowRank();
    boolean merges = lowRank.isPresent();
    if (merges) {
      lowRank.merge();
    }
    try {
      return attempt(name, () -> model.save(folder.file(name), TensorType.F32));
    } finally {
      if (merges) {
        lowRank.unmerge();
      }
    }
  }

  void confusion(ConfusionMatrix matrix) {
    if (!matrix.canBeShown()) {
      return;
    }
    attempt("confusion.csv", () -> matrix.saveCsv(folder.file("confusion.csv")));
    attempt("confusion.png", () -> matrix.savePicture(folder.file("confusion.png")));
  }

  void curves() {
    attempt(
        "curves.png",
        () -> {
          if (!epochs().isEmpty()) {
            Curves.of("Training", "epoch", "accuracy (%), loss x 10")
                .curve("validation top-1", x(), y(EpochMetrics::top1))
                .curve("training top-1", x(), y(EpochMetrics::trainTop1))
                .curve("validation loss x 10", x(), y(e -> 10 * e.loss()))
                .curve("training loss x 10", x(), y(e -> 10 * e.trainLoss()))
                .save(folder.file("curves.png"));
          }
        });
  }

  List<EpochMetrics> epochs() {
    List<EpochMetrics> epochs = new ArrayList<>();
    metrics.rows().forEach(row -> epochs.add(EpochMetrics.of(row)));
    return epochs;
  }

  private List<Double> x() {
    return y(EpochMetrics::epoch);
  }

  private List<Double> y(ToDoubleFunction<EpochMetrics> of) {
    return epochs().stream().mapToDouble(of).boxed().toList();
  }

  @Override
  public void close() {
    TensorBoardLog open = events;
    events = null;
    if (open != null) {
      attempt("events", open::close);
    }
  }
}
