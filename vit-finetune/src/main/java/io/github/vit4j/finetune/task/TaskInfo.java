package io.github.vit4j.finetune.task;

import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.LowRank;
import io.github.vit4j.zoo.Label;
import java.util.List;
import java.util.Optional;

/**
 * What a task file says beside its weights.
 *
 * @param name what the task is called
 * @param base what the model is called that it was tuned from
 * @param baseSha256 the checksum of that model, as {@link BaseDigest#sha256()} computes it
 * @param config the architecture of the tuned model
 * @param lowRank what the low-rank branches are like that the task has beside the base's weights;
 *     empty where it has none
 * @param preprocessing how images are prepared for it, to {@code config}'s image size
 * @param labels its classes, in the order of the logits
 * @param version of the library that wrote the file
 */
public record TaskInfo(
    String name,
    String base,
    String baseSha256,
    ViTConfig config,
    Optional<LowRank.Spec> lowRank,
    EvalTransform preprocessing,
    List<Label> labels,
    String version) {

  /**
   * @throws BadInputException if preprocessing or labels do not fit the architecture
   */
  public TaskInfo {
    labels = List.copyOf(labels);
    if (preprocessing.height() != config.imageHeight()
        || preprocessing.width() != config.imageWidth()) {
      throw new BadInputException(
          "images are prepared as %d x %d pixels, but the model takes %d x %d; give both one size"
              .formatted(
                  preprocessing.height(),
                  preprocessing.width(),
                  config.imageHeight(),
                  config.imageWidth()));
    }
    if (config.classes() > 0 && config.classes() != labels.size()) {
      throw new BadInputException(
          "there are %d labels for %d classes; give one label a class"
              .formatted(labels.size(), config.classes()));
    }
  }
}
