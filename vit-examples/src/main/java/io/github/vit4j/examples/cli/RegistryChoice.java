package io.github.vit4j.examples.cli;

import io.github.vit4j.zoo.registry.Registry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which models are known: those of the library, and the user's own. */
final class RegistryChoice {

  @Option(
      names = "--registry",
      paramLabel = "FILE",
      description = "Know the models of this file, too (see docs/own-model.md); may be repeated.")
  List<Path> files = new ArrayList<>();

  Registry registry() {
    Registry all = Registry.standard();
    for (Path file : files) {
      all = all.with(Registry.read(file));
    }
    return all;
  }
}
