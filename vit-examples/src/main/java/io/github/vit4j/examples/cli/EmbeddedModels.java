package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.ViTModel;
import java.nio.file.Path;
import java.util.List;

/** The models and sample images that come with the library: the one place that asks for them. */
final class EmbeddedModels {

  private EmbeddedModels() {}

  static ViTModel standard() {
    throw new BadInputException("no model comes with this build; give one with --model");
  }

  static List<String> names() {
    return List.of();
  }

  static ViTModel load(String name) {
    throw new BadInputException("there is no model by the name " + name);
  }

  static List<Path> samples() {
    throw new BadInputException("no sample images come with this build; give some of your own");
  }
}
