package io.github.vit4j.zoo.checkpoint;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.nio.file.Path;

/** Opens a checkpoint by what is in the file, whatever its name ends with. */
public final class Checkpoints {

  private Checkpoints() {}

  /**
   * Opens a safetensors, npz or PyTorch file, or the index of a model in several files ({@code
   * model.safetensors.index.json}, {@code pytorch_model.bin.index.json}), which lie beside it.
   *
   * @param file its name does not matter, its content decides
   * @return the open file; the caller closes it
   * @throws BadInputException if it cannot be read, is broken, or is another kind of file
   */
  public static Checkpoint open(Path file) {
    return open(file, Kind.of(file));
  }

  /**
   * Opens a PyTorch file and reads the tensors under a key of the caller's choice.
   *
   * @param file its name does not matter, its content decides
   * @param key as for {@link TorchFile#select}
   * @return the open file; the caller closes it
   * @throws BadInputException as above, or if it is no PyTorch file, or has no tensors under that
   *     key
   */
  public static Checkpoint open(Path file, String key) {
    if (Kind.of(file) != Kind.TORCH) {
      throw new BadInputException(
          file
              + " is no PyTorch file, so there is nothing to select under "
              + Shown.quoted(key)
              + "; leave the key out");
    }
    return TorchFile.open(file, key);
  }

  private static Checkpoint open(Path file, Kind kind) {
    return switch (kind) {
      case SAFETENSORS -> SafeTensors.open(file);
      case NPZ -> Npz.open(file);
      case TORCH -> TorchFile.open(file);
      case INDEX -> ShardedFile.open(file, Checkpoints::openShard);
    };
  }

  /** One file, for an index of indices could go round in circles. */
  private static Checkpoint openShard(Path file) {
    Kind kind = Kind.of(file);
    if (kind == Kind.INDEX) {
      throw new BadInputException("names " + file + ", which is an index itself");
    }
    return open(file, kind);
  }
}
