package io.github.vit4j.zoo;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.registry.ZooEntry;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The classes of a model.
 *
 * @param labels in the order of the logits
 * @param source who says so, for messages
 */
record Classes(List<Label> labels, String source) {

  static Classes in(Path file) {
    return new Classes(Label.read(file), file.toString());
  }

  /** What the checkpoint itself carries. */
  static Optional<Classes> carriedBy(Checkpoint checkpoint) {
    return ModelMetadata.labels(checkpoint)
        .map(labels -> new Classes(labels, checkpoint.source().toString()));
  }

  static Optional<Classes> of(ZooEntry entry) {
    return Optional.ofNullable(entry.labels())
        .map(set -> new Classes(ClassNames.of(set), "the registry's entry " + entry.name()));
  }

  /** The labels, if they are as many as the model has classes. */
  List<Label> fitting(int expected) {
    if (expected > 0 && labels.size() != expected) {
      throw new BadInputException(
          "%s names %d classes, but the model has %d".formatted(source, labels.size(), expected));
    }
    return labels;
  }
}
