package io.github.vit4j.zoo;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the parts of a model lie: its weights, and beside them what the weights file does not say.
 *
 * @param weights the checkpoint
 * @param temporary whether the loader deletes it once the model is open
 */
record ModelFiles(Path weights, boolean temporary) {

  ModelFiles(Path weights) {
    this(weights, false);
  }

  /**
   * A file, or a folder that holds one checkpoint, alone or called {@code model} or {@code
   * weights}.
   */
  static ModelFiles at(Path path) {
    if (Files.isRegularFile(path)) {
      return new ModelFiles(path);
    }
    if (!Files.isDirectory(path)) {
      throw new BadInputException(
          path + " does not exist; give a checkpoint file or a folder that holds one");
    }
    List<Path> checkpoints = checkpoints(path);
    if (checkpoints.size() == 1) {
      return new ModelFiles(checkpoints.get(0));
    }
    List<Path> named =
        checkpoints.stream().filter(p -> name(p).matches("(model|weights).*")).toList();
    if (named.size() == 1) {
      return new ModelFiles(named.get(0));
    }
    throw new BadInputException(
        checkpoints.isEmpty()
            ? path + " holds no checkpoint; expected a file such as model.safetensors"
            : path
                + " holds several checkpoints, "
                + checkpoints.stream().map(ModelFiles::name).toList()
                + "; name one of the files");
  }

  private static List<Path> checkpoints(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(p -> name(p).matches(".*\\.(safetensors|npz)")).sorted().toList();
    } catch (IOException e) {
      throw new BadInputException("cannot list " + folder + ": " + e.getMessage(), e);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /** A file beside the weights, if it is there. */
  Optional<Path> beside(String name) {
    Path file = weights.resolveSibling(name);
    return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
  }

  void deleteIfTemporary() {
    if (!temporary) {
      return;
    }
    try {
      Files.deleteIfExists(weights);
    } catch (IOException e) {
      weights.toFile().deleteOnExit(); // still mapped, on a system that keeps such files
    }
  }
}
