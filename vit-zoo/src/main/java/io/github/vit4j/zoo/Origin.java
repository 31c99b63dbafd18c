package io.github.vit4j.zoo;

import io.github.vit4j.zoo.registry.ZooEntry;
import java.util.Optional;

/** Where a model comes from; asked for its files once, when it is loaded. */
interface Origin {

  /** Brings the files to this machine if they are not here yet. */
  ModelFiles files(Downloads downloads);

  /** Whether its files are on this machine. */
  boolean isHere(Downloads downloads);

  /** What is known of the model beside its files. */
  default Optional<ZooEntry> entry() {
    return Optional.empty();
  }

  /** As callers wrote it, for messages. */
  String text();
}
