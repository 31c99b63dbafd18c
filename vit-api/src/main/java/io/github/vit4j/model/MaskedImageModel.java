package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.github.vit4j.config.FinalNorm;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A Vision Transformer that tells what hidden patches hold, as BEiT is pre-trained (Bao et al.
 * 2021): images (B, C, H, W) and a mask (B, N) of booleans in, one row for each hidden patch out,
 * (M, outputs), in the order of images and patches.
 *
 * <p>A learned mask token stands in place of a hidden patch after the stem and before positions are
 * added; a linear head reads what the encoder makes of it. A linear or hMLP stem never reads hidden
 * pixels: it runs over the visible patches alone, and BatchNorm in it normalises by, and remembers,
 * the statistics of these. Before a convolutional stem there is no such way: its windows overlap,
 * so that hidden pixels leak into visible tokens and into the statistics.
 *
 * <p>The network stays the caller's: it is not copied, and works as always beside this block.
 */
public final class MaskedImageModel extends Part {

  private final VisionTransformer network;
  private final Parameter maskToken;
  private final Linear head;
  private final int outputs;
  private final List<ViTParameter> own = new ArrayList<>();

  /**
   * Puts a mask token and a head to a network.
   *
   * @param network its own head, if it has one, is not used
   * @param outputs of the head: entries of the codebook, or values of a patch
   * @param seed of the initial values of token and head
   * @throws BadInputException if the network norms only after pooling, so that tokens are not
   *     normed
   */
  @SuppressWarnings("this-escape")
  public MaskedImageModel(VisionTransformer network, int outputs, long seed) {
    ViTConfig config = network.config();
    if (config.finalNorm() != FinalNorm.BEFORE_POOL) {
      throw new BadInputException(
          "the head for hidden patches reads normed tokens, but this model norms after pooling; build it with finalNorm(FinalNorm.BEFORE_POOL)");
    }
    if (outputs < 1) {
      throw new BadInputException(
          "a head of %d outputs is not possible; give at least 1".formatted(outputs));
    }
    this.network = network;
    this.outputs = outputs;
    Init init = new Init.TruncatedNormal(Init.STD);
    maskToken = weight("mask_token", Parameter.Type.OTHER, Role.TOKEN, init, 1, 1, config.width());
    head = part("lm_head", new Linear(Role.HEAD, config.width(), outputs, true));
    collect("", -1, -1, seed, own);
    addChildBlock("network", network);
  }

  /** {@return the network} */
  public VisionTransformer network() {
    return network;
  }

  /** {@return how many numbers the head gives for a hidden patch} */
  public int outputs() {
    return outputs;
  }

  /** {@return every parameter with its path and role: the network's, mask token and head} */
  public List<ViTParameter> namedParameters() {
    List<ViTParameter> all = new ArrayList<>(network.namedParameters());
    all.addAll(own);
    return all;
  }

  /** {@return mask token and head alone} */
  public List<ViTParameter> ownParameters() {
    return List.copyOf(own);
  }

  /** Freezes or thaws, but for those parameters of the network that are never trained. */
  @Override
  public void freezeParameters(boolean freeze) {
    freezeParameters(freeze, p -> true);
  }

  /** As {@link #freezeParameters(boolean)}, for the parameters that a predicate chooses. */
  @Override
  public void freezeParameters(boolean freeze, Predicate<Parameter> predicate) {
    network.freezeParameters(freeze, predicate);
    own.stream()
        .map(ViTParameter::parameter)
        .filter(predicate)
        .forEach(parameter -> parameter.freeze(freeze));
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    if (inputs.size() != 2) {
      throw new BadInputException(
          "%d inputs do not fit; give images and a mask".formatted(inputs.size()));
    }
    NDArray images = inputs.get(0);
    network.requirePrecision(training, images);
    ViTConfig config = network.config();
    TokenMask mask =
        TokenMask.of(inputs.get(1), images.getShape().get(0), config.patches(), maskToken);
    Pass pass =
        Pass.masked(store, training, mask, network.routes()).recomputing(Recomputation.in(params));
    try (NDManager scope = images.getManager().newSubManager()) {
      NDArray features = network.encode(pass, images, scope); // (B, T, D)
      NDArray patches = features.get(":, {}:", config.prefixTokens()); // (B, N, D)
      NDArray predicted = head.apply(pass, mask.masked(patches)); // (M, D) -> (M, outputs)
      predicted.attach(images.getManager());
      return new NDList(predicted);
    }
  }

  @Override
  NDArray apply(Pass pass, NDArray images) {
    throw new IllegalStateException("a masked model runs by forward, with a mask");
  }

  /** The number of rows follows from the mask; -1 stands for it. */
  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(-1, outputs)};
  }
}
