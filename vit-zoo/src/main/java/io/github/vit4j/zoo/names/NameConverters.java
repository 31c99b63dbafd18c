package io.github.vit4j.zoo.names;

import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Prefixes;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The converters, one a family, and how to find the one that a file or a model needs. */
public final class NameConverters {

  private static final BeitNames BEIT = new BeitNames();

  /** timm's {@code VisionTransformer}; it has names for every model. */
  private static final NameConverter TIMM = new TimmNames();

  private static final NameConverter DEIT_V2 = new DeitV2Names();

  /** All that have no dialects, which a family's name alone stands for. */
  private static final List<NameConverter> TORCH = List.of(TIMM, DEIT_V2, BEIT);

  private NameConverters() {}

  /** {@return the names of the families that {@link #named} knows} */
  public static List<String> families() {
    return Stream.concat(TORCH.stream(), Stream.of(flax(FlaxDialect.VISION_TRANSFORMER)))
        .map(NameConverter::family)
        .toList();
  }

  /**
   * Finds a converter by the name of its family; {@code flax} is that of
   * google-research/vision_transformer.
   *
   * @param family as {@link NameConverter#family} gives it
   * @return the converter
   * @throws BadInputException if there is no such family, listing those that there are
   */
  public static NameConverter named(String family) {
    return Stream.concat(TORCH.stream(), Stream.of(flax(FlaxDialect.VISION_TRANSFORMER)))
        .filter(converter -> converter.family().equals(family))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "there are no names of %s; known are %s"
                        .formatted(Shown.quoted(family), String.join(", ", families()))));
  }

  /** {@return the names of timm's {@code VisionTransformer}, which exist for every model} */
  public static NameConverter timm() {
    return TIMM;
  }

  /**
   * {@return the names of {@code models_v2.py} in facebookresearch/deit: Three things everyone
   * should know about ViTs, and DeiT III}
   */
  public static NameConverter deitV2() {
    return DEIT_V2;
  }

  /** {@return the names of timm's {@code Beit}} */
  public static NameConverter beit() {
    return BEIT;
  }

  /**
   * {@return the names and layouts of Google's Flax models}
   *
   * @param dialect which code's
   */
  public static NameConverter flax(FlaxDialect dialect) {
    return new FlaxNames(dialect);
  }

  /**
   * {@return the converter whose names timm loads for a model: BEiT's for a BEiT, else timm's}
   *
   * @param model the model to be saved; it needs no values
   */
  public static NameConverter forSaving(VisionTransformer model) {
    ViTConfig config = model.config();
    boolean beit =
        config.qkvBias() == QkvBias.QV_ONLY || config.relativePosition() != RelativePosition.NONE;
    return beit && BEIT.nameless(model).isEmpty() ? BEIT : TIMM;
  }

  /**
   * Finds the family of a file: by what the file says of itself if {@link WeightSaver} wrote it,
   * else by the names in it, else by those names without the prefixes of wrappers.
   *
   * @param checkpoint an open file
   * @return the converter that reads it
   * @throws BadInputException if the names fit no family
   */
  public static NameConverter detect(Checkpoint checkpoint) {
    String family = checkpoint.metadata().get(SavedModel.NAMES);
    for (NameConverter torch : TORCH) {
      if (torch.family().equals(family)) {
        return torch;
      }
    }
    try {
      return detect(names(checkpoint));
    } catch (BadInputException e) {
      Checkpoint stripped = Prefixes.strip(checkpoint);
      if (stripped != checkpoint) {
        try {
          return detect(names(stripped));
        } catch (BadInputException ignored) {
          // the names in the file tell more than those made of them
        }
      }
      throw new BadInputException(checkpoint.source() + ": " + e.getMessage(), e);
    }
  }

  private static List<String> names(Checkpoint checkpoint) {
    return checkpoint.tensors().stream().map(TensorInfo::name).toList();
  }

  /**
   * Finds the family by names. Families share names where a model uses none of the parts that they
   * call differently; it is timm then, which fits as well.
   *
   * @param tensors the names of all tensors of a file
   * @return the converter that reads it
   * @throws BadInputException if the names fit no family
   */
  public static NameConverter detect(Collection<String> tensors) {
    Set<String> names = new HashSet<>(tensors);
    Optional<FlaxDialect> dialect = FlaxDialect.of(names);
    if (dialect.isPresent()) {
      return flax(dialect.get());
    }
    if (!any(names, "patch_embed\\.proj\\.(0\\.)?weight") || !any(names, "blocks\\.\\d+\\..+")) {
      throw new BadInputException(
          "the %d tensors are not named as a Vision Transformer's of timm, DeiT, BEiT or Flax: %s"
                  .formatted(names.size(), Listing.of(tensors))
              + "; prefixes other than module., _orig_mod., model., backbone. and encoder. have to be"
              + " taken away before");
    }
    if (any(names, "blocks\\.\\d+\\.(attns\\.\\d+|ls1)\\..+")) {
      return TIMM;
    }
    boolean gammas = any(names, "blocks\\.\\d+\\.gamma_.+");
    if (any(names, "blocks\\.\\d+\\.attn\\.(q_bias|relative_position_bias_table)|rel_pos_bias\\..+")
        || (gammas && names.contains("fc_norm.weight"))) {
      return BEIT;
    }
    return gammas || any(names, "blocks\\.\\d+\\.attn1\\..+") ? DEIT_V2 : TIMM;
  }

  private static boolean any(Set<String> names, String pattern) {
    Predicate<String> matches = Pattern.compile(pattern).asMatchPredicate();
    return names.stream().anyMatch(matches);
  }
}
