package io.github.vit4j.zoo.names;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * How a Flax checkpoint names things; the codes of Google differ in details.
 *
 * @param prefix what every name begins with, such as {@code params/}
 * @param bigVision whether the numbers of the modules are those of big_vision, else those of
 *     google-research/vision_transformer
 * @param scanned whether one tensor holds all layers, stacked along a new first axis
 */
public record FlaxDialect(String prefix, boolean bigVision, boolean scanned) {

  /** google-research/vision_transformer, whose ViT files are the published {@code .npz}. */
  public static final FlaxDialect VISION_TRANSFORMER = new FlaxDialect("", false, false);

  /** big_vision, one entry a layer. */
  public static final FlaxDialect BIG_VISION = new FlaxDialect("params/", true, false);

  /** big_vision, all layers stacked. */
  public static final FlaxDialect BIG_VISION_SCANNED = new FlaxDialect("params/", true, true);

  private static final String STEM = "embedding/kernel";

  /** In the order in which they are looked for: the image tower of a pair comes last. */
  private static final List<String> PREFIXES = List.of("", "opt/target/", "params/", "params/img/");

  /** Finds the dialect of a file by the names in it. */
  static Optional<FlaxDialect> of(Collection<String> names) {
    return PREFIXES.stream()
        .filter(prefix -> names.contains(prefix + STEM))
        .findFirst()
        .map(
            prefix ->
                new FlaxDialect(
                    prefix,
                    prefix.startsWith("params/") || names.contains(prefix + "pos_embedding"),
                    names.contains(prefix + "Transformer/encoderblock/LayerNorm_0/scale")));
  }
}
