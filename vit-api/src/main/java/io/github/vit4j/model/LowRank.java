package io.github.vit4j.model;

import io.github.vit4j.error.BadInputException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The low-rank branches of a model (Hu et al. 2021, LoRA): beside linear layers of every attention
 * branch, {@code y = x W' + b + scale (x A') B'} with A of shape (rank, in) and B of shape (out,
 * rank). A starts as PyTorch starts a linear layer and B at zero, so adding them changes no output.
 *
 * <p>Their parameters are the model's like any other, of {@link Role#ADAPTER}, with paths such as
 * {@code blocks.3.attns.1.attn.qkv.lora_a}. Merged into the weights they cost nothing, and the
 * model has the parameters of a plain one again.
 */
public final class LowRank {

  /** Which linear layer of an attention module. */
  public enum Layer {
    /** The product that gives queries, keys and values. */
    QKV,
    /** The product at the end. */
    PROJ
  }

  /**
   * What all branches of a model have in common.
   *
   * @param rank of the products
   * @param scale what the branches' results are multiplied by
   * @param layers which layers of each attention module have one
   */
  public record Spec(int rank, double scale, Set<Layer> layers) {

    /** Copies the set. */
    public Spec {
      layers = Collections.unmodifiableSet(new TreeSet<>(layers));
    }
  }

  private final VisionTransformer model;
  private final List<LowRankBranch> branches = new ArrayList<>();
  private @Nullable Spec spec;
  private boolean merged;

  LowRank(VisionTransformer model) {
    this.model = model;
  }

  /** {@return whether the model has branches, merged or not} */
  public boolean isPresent() {
    return spec != null;
  }

  /** {@return what the branches that stand beside the weights are like; none if there are none} */
  public Optional<Spec> unmerged() {
    return merged ? Optional.empty() : Optional.ofNullable(spec);
  }

  /** {@return whether the branches are merged into the weights} */
  public boolean isMerged() {
    return merged;
  }

  /**
   * Adds the branches. If the model has values, so have the branches, under the same manager.
   * Branches of the same rank, scale and layers that are there already stay as they are.
   *
   * @param rank rank of the products, at least 1
   * @param scale what the branches' results are multiplied by, above 0
   * @param layers which layers of each attention module, at least one
   * @throws BadInputException if the numbers make no sense, or other branches are there already
   */
  public void add(int rank, double scale, Set<Layer> layers) {
    if (rank < 1 || rank > model.config().width()) {
      throw new BadInputException(
          "rank %d of low-rank branches does not lie from 1 to the width %d"
              .formatted(rank, model.config().width()));
    }
    if (!(scale > 0 && scale < Double.POSITIVE_INFINITY) || layers.isEmpty()) {
      throw new BadInputException(
          "low-rank branches need a positive scale and at least one layer, but have %s and %s"
              .formatted(scale, layers));
    }
    Spec wanted = new Spec(rank, scale, layers);
    if (wanted.equals(spec) && !merged) {
      return;
    }
    if (spec != null) {
      throw new BadInputException(
          "the model has low-rank branches already, of rank %d, scale %s and layers %s%s"
                  .formatted(spec.rank, spec.scale, spec.layers, merged ? ", merged" : "")
              + "; unmerge() or drop() them first");
    }
    spec = wanted;
    for (Linear linear : model.attentionLayers(wanted.layers)) {
      LowRankBranch branch = new LowRankBranch(linear, wanted);
      branches.add(branch);
      branch.plugIn();
    }
    model.collectParameters();
    branches.forEach(LowRankBranch::initializeBesideWeight);
  }

  /** Adds branches like another model's to a new model, if that one shows any. */
  void addLike(LowRank other) {
    if (other.spec != null && !other.merged) {
      add(other.spec.rank, other.spec.scale, other.spec.layers);
    }
  }

  /**
   * Adds {@code scale B A} to each weight and takes the branches out of the model, which is a plain
   * one then: the same outputs but for rounding, the parameters and the speed of a model that never
   * had branches. The weights as they were are kept for {@link #unmerge()}, at their size in
   * memory, until {@link #drop()}; what shares their memory, such as another task on the same
   * backbone, does not notice. Nothing may run the model meanwhile.
   *
   * @throws IllegalStateException if there are no branches, or they are merged already
   */
  public void merge() {
    requirePresent(false);
    branches.forEach(LowRankBranch::merge);
    branches.forEach(LowRankBranch::takeOut);
    merged = true;
    model.collectParameters();
  }

  /**
   * Puts the weights back as they were, bit for bit, and the branches into the model again.
   *
   * @throws IllegalStateException if the branches are not merged
   */
  public void unmerge() {
    requirePresent(true);
    branches.forEach(LowRankBranch::unmerge);
    branches.forEach(LowRankBranch::plugIn);
    merged = false;
    model.collectParameters();
  }

  /** Forgets the branches, if there are any. What was merged stays in the weights. */
  public void drop() {
    if (!merged) {
      branches.forEach(LowRankBranch::takeOut);
    }
    branches.forEach(LowRankBranch::forgetOriginal);
    branches.forEach(LowRankBranch::freeValues);
    branches.clear();
    spec = null;
    merged = false;
    model.collectParameters();
  }

  private void requirePresent(boolean wanted) {
    if (spec == null || merged != wanted) {
      String is = spec == null ? "are none" : merged ? "are merged" : "are not merged";
      throw new IllegalStateException("the low-rank branches of the model " + is);
    }
  }
}
