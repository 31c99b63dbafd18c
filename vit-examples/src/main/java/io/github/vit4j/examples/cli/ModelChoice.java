package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.ViTModelLoader;
import io.github.vit4j.zoo.ViTZoo;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which model a command uses. */
final class ModelChoice {

  @Option(
      names = {"-m", "--model"},
      paramLabel = "PATH|NAME",
      description = {
        "A checkpoint file (.safetensors, .npz), a folder that holds one, or the name of a model"
            + " that comes along.",
        "Default: the model that comes along."
      })
  @Nullable String model;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = {
        "Architecture and preprocessing as JSON: transformers' config.json, or timm's words.",
        "Default: what the checkpoint says, or config.json beside it."
      })
  @Nullable Path config;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = {
        "The classes in the order of the logits, one a line: name, or id TAB name.",
        "Default: what the checkpoint says, or labels.txt beside it."
      })
  @Nullable Path labels;

  boolean given() {
    return model != null || config != null || labels != null;
  }

  /** Opens the model; the caller closes it. */
  ViTModel open() {
    if (model == null) {
      refuseFiles("without --model");
      return ViTZoo.load(ViTZoo.EMBEDDED);
    }
    Optional<Path> path = existing(model);
    if (path.isEmpty()) {
      return byName(model);
    }
    ViTModelLoader loader = ViTModel.at(path.get());
    if (config != null) {
      loader.config(required(config, "--config"));
    }
    if (labels != null) {
      loader.labels(required(labels, "--labels"));
    }
    return loader.load();
  }

  private ViTModel byName(String name) {
    List<String> names = ViTZoo.names();
    if (!names.contains(name)) {
      throw new BadInputException(
          "unknown model '%s': no such file or folder, and the names known are %s"
              .formatted(name, String.join(", ", names)));
    }
    refuseFiles("with a model by name");
    return ViTZoo.load(name);
  }

  private void refuseFiles(String when) {
    if (config != null || labels != null) {
      throw new BadInputException(
          "%s means nothing %s; give the model's file with --model"
              .formatted(config != null ? "--config" : "--labels", when));
    }
  }

  private static Path required(Path file, String option) {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(option + " " + file + ": there is no such file");
    }
    return file;
  }

  private static Optional<Path> existing(String text) {
    try {
      return Optional.of(Path.of(text)).filter(Files::exists);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
