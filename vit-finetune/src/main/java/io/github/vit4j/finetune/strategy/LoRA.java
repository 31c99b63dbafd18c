package io.github.vit4j.finetune.strategy;

import io.github.vit4j.model.LowRank;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * Trains low-rank branches beside frozen attention weights, and the head (Hu et al. 2021, LoRA):
 * {@code W + alpha / rank B A}.
 *
 * <p>Preparing for a model adds the branches, which change no output until they are trained. {@code
 * vit.lowRank().merge()} folds them into the weights, {@code unmerge()} brings the old weights back
 * bit for bit. Add the branches after loading a checkpoint, and merge before saving as one.
 *
 * @param rank rank of the branches
 * @param alpha strength of the branches
 * @param layers which linear layers of each attention module
 */
public record LoRA(int rank, double alpha, Set<LowRank.Layer> layers) implements FineTuneStrategy {

  /** Copies the set, into an order that is the same in every process. */
  public LoRA {
    layers = Collections.unmodifiableSet(new TreeSet<>(layers));
  }

  /**
   * LoRA on queries, keys and values, with alpha equal to the rank.
   *
   * @param rank rank of the branches
   */
  public LoRA(int rank) {
    this(rank, rank, Set.of(LowRank.Layer.QKV));
  }

  @Override
  public boolean trains(ViTParameter parameter) {
    return parameter.role() == Role.ADAPTER || parameter.role() == Role.HEAD;
  }

  @Override
  public FineTuneStrategy prepare(VisionTransformer vit) {
    vit.lowRank().add(rank, alpha / rank, layers);
    return this;
  }
}
