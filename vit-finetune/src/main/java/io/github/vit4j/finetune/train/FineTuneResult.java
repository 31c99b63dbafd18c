package io.github.vit4j.finetune.train;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** What a run came to. It owns the trained model and frees it on {@link #close()}. */
public final class FineTuneResult implements AutoCloseable {

  private final ViTModel model;
  private final Path folder;
  private final List<EpochMetrics> epochs;
  private final int bestEpoch;
  private final boolean stoppedEarly;
  private final List<String> unreadable;
  private final List<String> notes;

  FineTuneResult(ViTModel model, TrainingRun.Outcome outcome) {
    this.model = model;
    folder = outcome.folder();
    epochs = outcome.epochs();
    stoppedEarly = outcome.stoppedEarly();
    notes = outcome.notes();
    bestEpoch = outcome.bestEpoch();
    unreadable = outcome.unreadable();
  }

  /** {@return the model of the best epoch, with the classes and the image size of the data} */
  public ViTModel model() {
    return model;
  }

  /**
   * Saves the model of the best epoch as one file, as {@link ViTModel#save} does in float32.
   *
   * @param file ends in {@code .safetensors}
   * @throws BadInputException if the file cannot be written
   */
  public void save(Path file) {
    model.save(file, TensorType.F32);
  }

  /**
   * {@return the file of what differs from the model that the run began with, for a {@link
   * io.github.vit4j.finetune.task.SharedBackbone}}
   */
  public Path task() {
    return folder.resolve(RunFolder.TASK);
  }

  /** {@return the run's folder} */
  public Path folder() {
    return folder;
  }

  /** {@return the epochs, the first one first} */
  public List<EpochMetrics> epochs() {
    return epochs;
  }

  /**
   * {@return the epoch whose model was the best}
   *
   * @throws BadInputException if its metrics are not in the folder any more
   */
  public EpochMetrics best() {
    return epochs.stream()
        .filter(e -> e.epoch() == bestEpoch)
        .findFirst()
        .orElseThrow(
            () -> new BadInputException("the metrics of the best epoch are not in " + folder));
  }

  /** {@return whether the run ended before its last epoch because it got no better} */
  public boolean stoppedEarly() {
    return stoppedEarly;
  }

  /** {@return names of the images that could not be read and were left out} */
  public List<String> unreadable() {
    return unreadable;
  }

  /** {@return what the user should know, as {@link TrainListener#note} was told in this process} */
  public List<String> notes() {
    return notes;
  }

  /** {@return seconds an epoch took in the mean, with its evaluation; not a number without one} */
  public double secondsPerEpoch() {
    return epochs.stream().mapToDouble(EpochMetrics::seconds).average().orElse(Double.NaN);
  }

  /** {@return the most memory that this process has held so far, in bytes; Linux tells} */
  public OptionalLong peakMemory() {
    return Machine.peakResident();
  }

  @Override
  public void close() {
    model.close();
  }
}
