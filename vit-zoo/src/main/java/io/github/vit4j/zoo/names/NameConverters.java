package io.github.vit4j.zoo.names;

import io.github.vit4j.config.Pooling;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.RelativePosition;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Prefixes;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** The converters, one a family, and how to find the one that a file or a model needs. */
public final class NameConverters {

  private static final BeitNames BEIT = new BeitNames();

  /** timm's {@code VisionTransformer}; it has names for every model. */
  private static final NameConverter TIMM = new TimmNames("");

  private static final NameConverter DEIT_V2 = new DeitV2Names();
  private static final NameConverter DINOV2 = new Dinov2Names(0);
  private static final NameConverter CLIP = new ClipNames();

  private static final List<NameConverter> TRANSFORMERS =
      Stream.concat(
              Arrays.stream(TransformersNames.Kind.values()).map(NameConverters::transformers),
              Arrays.stream(TransformersTowerNames.Kind.values()).map(NameConverters::transformers))
          .toList();

  private static final List<NameConverter> ALL =
      Stream.concat(
              Stream.of(TIMM, DEIT_V2, BEIT, DINOV2, CLIP, flax(FlaxDialect.BIG_VISION)),
              TRANSFORMERS.stream())
          .toList();

  /** Those that share names, so that what a file says of itself decides; they have no dialects. */
  private static final List<NameConverter> ALIKE = List.of(TIMM, DEIT_V2, BEIT);

  private NameConverters() {}

  private static NameConverter transformers(TransformersNames.Kind kind) {
    return new TransformersNames(kind, kind.prefix());
  }

  private static NameConverter transformers(TransformersTowerNames.Kind kind) {
    return new TransformersTowerNames(kind, TransformersTowerNames.PREFIX);
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

  /** {@return the names of facebookresearch/dinov2, as its published files have them} */
  public static NameConverter dinov2() {
    return DINOV2;
  }

  /** {@return the names of OpenAI's CLIP and of open_clip} */
  public static NameConverter clip() {
    return CLIP;
  }

  /**
   * {@return the names and layouts of Google's Flax models}
   *
   * @param dialect which code's
   */
  public static NameConverter flax(FlaxDialect dialect) {
    return new FlaxNames(dialect);
  }

  /** {@return what {@link #named} knows} */
  public static List<String> families() {
    return ALL.stream().map(NameConverter::family).toList();
  }

  /**
   * {@return the converter of a family, in the form that is best to write}
   *
   * @param family as {@link NameConverter#family} says, such as {@code transformers_vit}
   * @throws BadInputException if there is no such family
   */
  public static NameConverter named(String family) {
    return ALL.stream()
        .filter(converter -> converter.family().equals(family))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "there are no names called '%s'; known are %s"
                        .formatted(Listing.name(family), String.join(", ", families()))));
  }

  /**
   * {@return the converter whose names timm loads for a model: BEiT's for a BEiT, else timm's}
   *
   * @param model the model to be saved; it needs no values
   */
  public static NameConverter forSaving(VisionTransformer model) {
    return isBeit(model.config()) && BEIT.nameless(model).isEmpty() ? BEIT : TIMM;
  }

  /**
   * {@return the converter whose names Hugging Face transformers loads for a model: those of the
   * class that has all its parts}
   *
   * @param model the model to be saved; it needs no values
   * @throws BadInputException if no class of transformers has them all
   */
  public static NameConverter forTransformers(VisionTransformer model) {
    NameConverter converter = named("transformers_" + modelType(model.config()));
    converter.map(model);
    return converter;
  }

  private static String modelType(ViTConfig config) {
    if (config.pooling() == Pooling.MAP || !config.classToken()) {
      return "siglip";
    }
    if (config.preNorm()) {
      return "clip";
    }
    if (isBeit(config)) {
      return "beit";
    }
    if (config.distillationToken()) {
      return "deit";
    }
    if (config.registerTokens() > 0) {
      return "dinov2_with_registers";
    }
    return config.layerScale() != null ? "dinov2" : "vit";
  }

  private static boolean isBeit(ViTConfig config) {
    return config.qkvBias() == QkvBias.QV_ONLY
        || config.relativePosition() != RelativePosition.NONE;
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
    for (NameConverter alike : ALIKE) {
      if (alike.family().equals(family)) {
        return alike;
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
    return FamilyDetector.family(tensors);
  }
}
