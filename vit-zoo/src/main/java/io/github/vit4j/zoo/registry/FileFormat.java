package io.github.vit4j.zoo.registry;

import io.github.vit4j.error.BadInputException;
import java.util.Locale;

/** The format of a file of weights. */
public enum FileFormat {
  /** safetensors. */
  SAFETENSORS,

  /** What PyTorch's {@code torch.save} or {@code torch.jit.save} writes. */
  TORCH,

  /** NumPy's archive, as Flax models are published. */
  NPZ;

  /** The format that a file name promises. */
  static FileFormat of(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    if (name.endsWith(".safetensors")) {
      return SAFETENSORS;
    }
    if (name.endsWith(".npz")) {
      return NPZ;
    }
    if (name.matches(".*\\.(pth|pt|bin)")) {
      return TORCH;
    }
    throw new BadInputException(
        "'%s' has no ending that tells its format; known are .safetensors, .pth, .pt, .bin and .npz"
            .formatted(file));
  }
}
