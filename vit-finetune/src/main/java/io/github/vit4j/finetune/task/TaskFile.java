package io.github.vit4j.finetune.task;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import java.nio.file.Path;

/**
 * A fine-tuned model as what it changed of its base: a safetensors file with the weights that
 * differ bit by bit or in shape, running statistics of BatchNorm included, under the model's own
 * paths ({@link io.github.vit4j.model.ViTParameter#path()}). Its metadata says the base's checksum,
 * and all that the base does not know: architecture, preprocessing and classes.
 *
 * <p>{@link SharedBackbone} puts such files to use.
 */
public final class TaskFile {

  private TaskFile() {}

  /**
   * Writes what a model has that its base has not, in float32.
   *
   * @param tuned the fine-tuned model
   * @param base the model that it was tuned from, as it was before
   * @param file replaced if it exists; usually called {@code NAME.task.safetensors}
   * @throws BadInputException if the two are not of one architecture, but for image size and head;
   *     or if the file cannot be written
   */
  public static void write(ViTModel tuned, ViTModel base, Path file) {
    writer(tuned, BaseDigest.of(base)).write(file);
  }

  /**
   * {@return a writer with options, which needs no second copy of the base}
   *
   * @param tuned the fine-tuned model
   * @param base the checksums of the model that it was tuned from, taken before the training
   */
  public static TaskWriter writer(ViTModel tuned, BaseDigest base) {
    return new TaskWriter(tuned, base);
  }

  /**
   * Reads what a task file says about itself, and none of its weights.
   *
   * @param file a task file
   * @return name, base, architecture, preprocessing and classes
   * @throws BadInputException if it is no task file, or a broken one
   */
  public static TaskInfo describe(Path file) {
    try (Checkpoint checkpoint = SafeTensors.open(file)) {
      return TaskMetadata.read(checkpoint);
    }
  }
}
