package io.github.vit4j.zoo;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
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

  /** Which files of a folder are looked for, the first kind that is there before the next. */
  private static final List<Pattern> KINDS =
      List.of(
          Pattern.compile(".*\\.(safetensors|npz|safetensors\\.index\\.json)"),
          Pattern.compile(".*\\.(pth|pt|bin|bin\\.index\\.json)"));

  private static final Pattern USUAL = Pattern.compile("(model|weights|pytorch_model).*");

  /** What the transformers library calls a part of a model in several files. */
  private static final Pattern SHARD = Pattern.compile(".*-\\d+-of-\\d+\\.(safetensors|bin)");

  /**
   * A file, or a folder that holds one checkpoint, alone or called {@code model}, {@code weights}
   * or {@code pytorch_model}. Where there are both, safetensors and npz go before PyTorch's files,
   * since nothing in them needs to be skipped.
   */
  static ModelFiles at(Path path) {
    if (Files.isRegularFile(path)) {
      return new ModelFiles(path);
    }
    if (!Files.isDirectory(path)) {
      throw new BadInputException(
          path + " does not exist; give a checkpoint file or a folder that holds one");
    }
    List<Path> files = files(path);
    for (Pattern kind : KINDS) {
      List<Path> checkpoints = files.stream().filter(p -> is(kind, p)).toList();
      if (!checkpoints.isEmpty()) {
        return new ModelFiles(theOne(path, checkpoints));
      }
    }
    throw new BadInputException(
        path + " holds no checkpoint; expected a file such as model.safetensors");
  }

  private static Path theOne(Path folder, List<Path> checkpoints) {
    boolean indexed = checkpoints.stream().anyMatch(p -> name(p).endsWith(".index.json"));
    List<Path> whole = checkpoints.stream().filter(p -> !indexed || !is(SHARD, p)).toList();
    List<Path> usual = whole.stream().filter(p -> is(USUAL, p)).toList();
    List<Path> one = whole.size() == 1 ? whole : usual;
    if (one.size() != 1) {
      throw new BadInputException(
          folder
              + " holds several checkpoints, "
              + whole.stream().map(ModelFiles::name).toList()
              + "; name one of the files");
    }
    return one.get(0);
  }

  private static boolean is(Pattern kind, Path file) {
    return kind.matcher(name(file)).matches();
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
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
