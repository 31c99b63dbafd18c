package io.github.vit4j.zoo.registry;

import io.github.vit4j.ViT;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.ViTSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A published model.
 *
 * @param name timm's name, {@code architecture.tag}
 * @param family what it was published with
 * @param size the size by the literature's letters: Ti, S, M, B, L, H, g, G, ...
 * @param aliases other names for it, above all the authors' file name
 * @param config the architecture
 * @param preprocessing how images are prepared for it
 * @param labels which set of classes its head tells apart, or null if it has no head or its head
 *     does not classify
 * @param trainedOn the data
 * @param licence of the weights, as an SPDX identifier where there is one
 * @param sources where the weights can be had, the preferred one first; empty if nobody published
 *     them
 * @param published the publishers' figures
 * @param note what else one should know, or null
 */
public record ZooEntry(
    String name,
    Family family,
    String size,
    List<String> aliases,
    ViTConfig config,
    EvalTransform preprocessing,
    @Nullable LabelSet labels,
    String trainedOn,
    String licence,
    List<Source> sources,
    Published published,
    @Nullable String note) {

  /** Copies the lists. */
  public ZooEntry {
    aliases = List.copyOf(aliases);
    sources = List.copyOf(sources);
  }

  /** {@return timm's name for the architecture: the name up to the first dot} */
  public String architecture() {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** {@return whether somebody published weights; the others can be built untrained} */
  public boolean hasWeights() {
    return !sources.isEmpty();
  }

  /** {@return parameters and multiply-accumulates by part, computed without allocating values} */
  public ViTSummary summary() {
    return ViTSummary.of(ViT.of(config));
  }
}
