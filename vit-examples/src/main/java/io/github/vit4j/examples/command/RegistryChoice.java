package io.github.vit4j.examples.command;

import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.ViTModelLoader;
import io.github.vit4j.zoo.registry.Registry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which models are known: those of the library, and the user's own. */
public final class RegistryChoice {

  static final String HUB = "hf:";

  @Option(
      names = "--registry",
      paramLabel = "FILE",
      description = "Know the models of this file, too (see docs/own-model.md); may be repeated.")
  List<Path> files = new ArrayList<>();

  /** For picocli. */
  public RegistryChoice() {}

  /** {@return all models that are known} */
  public Registry registry() {
    Registry all = Registry.standard();
    for (Path file : files) {
      all = all.with(Registry.read(file));
    }
    return all;
  }

  /**
   * {@return how to load a model by name}
   *
   * @param name one of these, or {@code hf:OWNER/NAME}
   */
  public ViTModelLoader named(String name) {
    return name.startsWith(HUB)
        ? ViTModel.onHub(name.substring(HUB.length()))
        : ViTModel.named(registry().require(name));
  }
}
