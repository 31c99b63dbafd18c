package io.github.vit4j.zoo.names;

import io.github.vit4j.error.BadInputException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Tells families by their names. */
final class FamilyDetector {

  private static final String TRANSFORMERS_STEM = "embeddings.patch_embeddings.projection.weight";

  private final Set<String> names;

  private FamilyDetector(Collection<String> names) {
    this.names = new HashSet<>(names);
  }

  static NameConverter family(Collection<String> tensors) {
    FamilyDetector detector = new FamilyDetector(tensors);
    Optional<FlaxDialect> dialect = FlaxDialect.of(detector.names);
    if (dialect.isPresent()) {
      return NameConverters.flax(dialect.get());
    }
    NameConverter found = detector.clip();
    if (found == null) {
      found = detector.transformers();
    }
    if (found == null) {
      found = detector.nearTimm();
    }
    if (found == null) {
      throw new BadInputException(
          "the %d tensors are not named as a Vision Transformer's of timm, DeiT, BEiT, DINOv2, CLIP,"
                  .formatted(tensors.size())
              + " transformers or Flax: "
              + Listing.of(tensors)
              + "; prefixes other than module., _orig_mod., model., backbone. and encoder. have to be"
              + " taken away before");
    }
    return found;
  }

  private @Nullable NameConverter clip() {
    if (names.contains("visual.class_embedding") && names.contains("visual.conv1.weight")) {
      return NameConverters.clip();
    }
    for (String prefix : List.of(TransformersTowerNames.PREFIX, "")) {
      if (names.contains(prefix + "embeddings.patch_embedding.weight")) {
        boolean clip = names.contains(prefix + "embeddings.class_embedding");
        return new TransformersTowerNames(
            clip ? TransformersTowerNames.Kind.CLIP : TransformersTowerNames.Kind.SIGLIP, prefix);
      }
    }
    return null;
  }

  private @Nullable NameConverter transformers() {
    for (TransformersNames.Kind kind : TransformersNames.Kind.values()) {
      if (names.contains(kind.prefix() + TRANSFORMERS_STEM)) {
        return new TransformersNames(kind, kind.prefix());
      }
    }
    return names.contains(TRANSFORMERS_STEM) ? new TransformersNames(bare(), "") : null;
  }

  /** Which class a file without prefix is of. */
  private TransformersNames.Kind bare() {
    if (names.contains("embeddings.register_tokens")) {
      return TransformersNames.Kind.DINOV2_WITH_REGISTERS;
    }
    if (any("encoder\\.layer\\.\\d+\\.norm1\\.weight")) {
      return TransformersNames.Kind.DINOV2;
    }
    if (names.contains("embeddings.distillation_token")) {
      return TransformersNames.Kind.DEIT;
    }
    boolean beit =
        names.contains("pooler.layernorm.weight")
            || any("encoder\\.(.+\\.)?relative_position_bias_table")
            || any("encoder\\.layer\\.\\d+\\.lambda_1");
    boolean halfBiased =
        any(".+\\.attention\\.query\\.bias") && !any(".+\\.attention\\.key\\.bias");
    return beit || halfBiased ? TransformersNames.Kind.BEIT : TransformersNames.Kind.VIT;
  }

  private @Nullable NameConverter nearTimm() {
    for (String prefix : List.of("", TimmNames.IN_OPEN_CLIP)) {
      String p = Pattern.quote(prefix);
      if (any(p + "patch_embed\\.proj\\.(0\\.)?weight") && any(p + "blocks\\.\\d+\\..+")) {
        return prefix.isEmpty() ? unprefixed() : new TimmNames(prefix);
      }
    }
    return null;
  }

  private NameConverter unprefixed() {
    if (any("blocks\\.\\d+\\.\\d+\\.norm1\\.weight")) {
      return new Dinov2Names(chunk());
    }
    if (names.contains("register_tokens") || any("blocks\\.\\d+\\.mlp\\.w12\\.weight")) {
      return NameConverters.dinov2();
    }
    if (any("blocks\\.\\d+\\.(attns\\.\\d+|ls1)\\..+")) {
      return NameConverters.timm();
    }
    boolean gammas = any("blocks\\.\\d+\\.gamma_.+");
    if (any("blocks\\.\\d+\\.attn\\.(q_bias|relative_position_bias_table)|rel_pos_bias\\..+")
        || (gammas && names.contains("fc_norm.weight"))) {
      return NameConverters.beit();
    }
    return gammas || any("blocks\\.\\d+\\.attn1\\..+")
        ? NameConverters.deitV2()
        : NameConverters.timm();
  }

  /** All chunks but the last are as long as the first. */
  private int chunk() {
    Predicate<String> first =
        Pattern.compile("blocks\\.0\\.\\d+\\.norm1\\.weight").asMatchPredicate();
    return Math.max(1, (int) names.stream().filter(first).count());
  }

  private boolean any(String pattern) {
    Predicate<String> matches = Pattern.compile(pattern).asMatchPredicate();
    return names.stream().anyMatch(matches);
  }
}
