package io.github.vit4j.zoo.description;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where transformers says how images are prepared: two places, of which the newer one is nested.
 */
final class PreprocessorFile {

  private PreprocessorFile() {}

  static Optional<JsonKeys> beside(Path config) {
    Path own = config.resolveSibling("preprocessor_config.json");
    if (Files.isRegularFile(own)) {
      return Optional.of(ModelDescription.keys(own));
    }
    Path joint = config.resolveSibling("processor_config.json");
    if (Files.isRegularFile(joint)) {
      JsonKeys keys = ModelDescription.keys(joint);
      return keys.has("image_processor")
          ? Optional.of(keys.object("image_processor"))
          : Optional.empty();
    }
    return Optional.empty();
  }
}
