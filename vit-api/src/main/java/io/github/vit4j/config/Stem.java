package io.github.vit4j.config;

import static io.github.vit4j.config.Check.require;

import java.util.List;

/**
 * The stem: its kind, the normalisation inside it, and its kernels.
 *
 * @param kind the family
 * @param norm the normalisation between its layers; a linear stem has none and ignores it
 * @param kernels for hMLP, the patch-wise kernel (and stride) of each layer, whose product is the
 *     patch size; empty for the other kinds
 */
public record Stem(StemKind kind, StemNorm norm, List<Integer> kernels) {

  /** The kernels that the paper uses, for patches of 16 pixels. */
  public static final List<Integer> PAPER_KERNELS = List.of(4, 2, 2);

  private static final int MOST_LAYERS = 16;

  /**
   * Checks that the kernels fit the kind.
   *
   * @throws io.github.vit4j.error.BadInputException if hMLP has fewer than 2 or more than 16
   *     kernels or one below 1, or another kind has kernels
   */
  public Stem {
    kernels = List.copyOf(kernels);
    if (kind == StemKind.HMLP) {
      require(
          kernels.size() >= 2 && kernels.size() <= MOST_LAYERS,
          "an hMLP stem needs 2 to %d layers, but has %d kernels; the paper uses 4, 2, 2",
          MOST_LAYERS,
          kernels.size());
      for (int kernel : kernels) {
        require(kernel >= 1, "hMLP kernels must be at least 1, but are %s", kernels);
      }
    } else {
      require(kernels.isEmpty(), "a %s stem takes no kernels, but got %s", kind, kernels);
    }
  }

  /** {@return one linear projection a patch} */
  public static Stem linear() {
    return new Stem(StemKind.LINEAR, StemNorm.BATCH_NORM, List.of());
  }

  /**
   * {@return the hierarchical MLP}
   *
   * @param norm BatchNorm (the paper's default) or LayerNorm
   * @param kernels the kernel of each layer; their product is the patch size
   */
  public static Stem hmlp(StemNorm norm, List<Integer> kernels) {
    return new Stem(StemKind.HMLP, norm, kernels);
  }

  /**
   * {@return the overlapping convolutional stem}
   *
   * @param norm BatchNorm or LayerNorm
   */
  public static Stem conv(StemNorm norm) {
    return new Stem(StemKind.CONV, norm, List.of());
  }
}
