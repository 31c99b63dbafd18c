package io.github.vit4j.finetune.pretrain;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.train.EpochMetrics;
import io.github.vit4j.finetune.train.TrainingRun;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.nio.file.Path;
import java.util.List;

/** What pre-training came to. It owns the model and frees it on {@link #close()}. */
public final class PreTrainResult implements AutoCloseable {

  private final ViTModel model;
  private final TrainingRun.Outcome outcome;

  PreTrainResult(ViTModel model, TrainingRun.Outcome outcome) {
    this.model = model;
    this.outcome = outcome;
  }

  /** {@return the model to fine-tune, without a head, as {@link BeitConversion} makes it} */
  public ViTModel model() {
    return model;
  }

  /**
   * Saves the model to fine-tune as one file, in float32.
   *
   * @param file ends in {@code .safetensors}
   * @throws BadInputException if the file cannot be written
   */
  public void save(Path file) {
    model.save(file, TensorType.F32);
  }

  /** {@return the run's folder} */
  public Path folder() {
    return outcome.folder();
  }

  /** {@return the file of the model to fine-tune, in the run's folder} */
  public Path file() {
    return outcome.folder().resolve(PreTrainRun.PRETRAINED);
  }

  /** {@return the epochs, the first one first; what was not measured is not a number} */
  public List<EpochMetrics> epochs() {
    return outcome.epochs();
  }

  /** {@return names of the images that could not be read and were left out} */
  public List<String> unreadable() {
    return outcome.unreadable();
  }

  /** {@return what the user should know} */
  public List<String> notes() {
    return outcome.notes();
  }

  @Override
  public void close() {
    model.close();
  }
}
