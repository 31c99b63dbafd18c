package io.github.vit4j.examples.command;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.ViTModelLoader;
import io.github.vit4j.zoo.ViTZoo;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which model a command uses. */
public final class ModelChoice {

  @Option(
      names = {"-m", "--model"},
      paramLabel = "PATH|NAME",
      description = {
        "A checkpoint file (safetensors, npz, PyTorch), a folder that holds one, a name that 'vit"
            + " list' shows, or hf:OWNER/NAME for a repository of the Hugging Face hub. What is"
            + " not on this machine is downloaded.",
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
      names = "--select",
      paramLabel = "KEY",
      description = {
        "Which dictionary of a PyTorch file, such as model_ema.",
        "Default: the first of the usual ones; 'vit inspect' shows which there are."
      })
  @Nullable String select;

  @Option(
      names = "--labels",
      paramLabel = "FILE",
      description = {
        "The classes in the order of the logits, one a line: name, or id TAB name.",
        "Default: what the checkpoint says, or labels.txt beside it."
      })
  @Nullable Path labels;

  @Mixin RegistryChoice registry = new RegistryChoice();

  @Option(
      names = "--resolution",
      paramLabel = "PIXELS",
      description = "Side of the images that the model sees. Default: what it was trained with.")
  @Nullable Integer resolution;

  @Option(
      names = "--engine-threads",
      paramLabel = "N",
      description = "Threads that the engine computes with. Default: one a core.")
  @Nullable Integer engineThreads;

  /** For picocli. */
  public ModelChoice() {}

  /**
   * {@return whether any option that names a model was given, in a command that can do without}
   *
   * @throws BadInputException if only {@code --resolution} was, which says nothing about which
   *     model, and would choose the embedded one unasked
   */
  public boolean given() {
    boolean named = model != null || config != null || labels != null || select != null;
    if (!named && resolution != null) {
      throw new BadInputException(
          "--resolution is the image size of a model that --model names; without one, give"
              + " --image-size");
    }
    return named;
  }

  /**
   * {@return what the model is called wherever it lies: the last part of its path, or its name;
   * that of the embedded model where none was named}
   */
  public String trueName() {
    if (model == null) {
      return ViTZoo.EMBEDDED;
    }
    return NamedPath.existing(model)
        .map(path -> String.valueOf(path.toAbsolutePath().normalize().getFileName()))
        .orElse(model);
  }

  /** {@return what {@code --model} says, or null} */
  public @Nullable String name() {
    return model;
  }

  /**
   * Chooses a model as {@code --model} does.
   *
   * @param name as for the option
   */
  public void named(String name) {
    model = name;
  }

  /** {@return the number of {@code --engine-threads}, or null} */
  public @Nullable Integer engineThreads() {
    return engineThreads;
  }

  /** {@return the image size that was asked for, in pixels, or null} */
  public @Nullable Integer resolution() {
    return resolution;
  }

  /**
   * {@return the model, which the caller closes}
   *
   * @throws BadInputException if the options do not fit together, or the model is not there or
   *     broken
   */
  public ViTModel open() {
    ViTModelLoader loader = loader();
    if (resolution != null) {
      loader.resolution(resolution);
    }
    if (engineThreads != null) {
      loader.threads(engineThreads);
    }
    return loader.load();
  }

  private ViTModelLoader loader() {
    if (model == null) {
      refuseFiles("without --model");
      return ViTModel.named(ViTZoo.EMBEDDED);
    }
    if (model.startsWith(RegistryChoice.HUB)) {
      return withFiles(registry.named(model));
    }
    Optional<Path> path = NamedPath.existing(model);
    if (path.isPresent()) {
      return withFiles(ViTModel.at(path.get()));
    }
    if (model.contains(File.separator) || model.startsWith(".")) {
      throw new BadInputException(
          "there is no file or folder "
              + model
              + "; 'vit list' shows the models that have a name, and hf:OWNER/NAME is one of the"
              + " hub");
    }
    ViTModelLoader named = registry.named(model);
    refuseFiles("with a model by name");
    return named;
  }

  private ViTModelLoader withFiles(ViTModelLoader loader) {
    if (config != null) {
      loader.config(required(config, "--config"));
    }
    if (select != null) {
      loader.select(select);
    }
    if (labels != null) {
      loader.labels(required(labels, "--labels"));
    }
    return loader;
  }

  private void refuseFiles(String when) {
    if (config != null || labels != null || select != null) {
      String option = config != null ? "--config" : labels != null ? "--labels" : "--select";
      throw new BadInputException(
          "%s means nothing %s; give the model's file with --model".formatted(option, when));
    }
  }

  private static Path required(Path file, String option) {
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(option + " " + file + ": there is no such file");
    }
    return file;
  }
}
