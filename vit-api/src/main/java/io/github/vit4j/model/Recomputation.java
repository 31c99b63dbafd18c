package io.github.vit4j.model;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.util.Pair;
import ai.djl.util.PairList;
import io.github.vit4j.compute.Recording;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A forward pass in training that keeps nothing of a block but its input, and its backward pass,
 * which computes each block once more (gradient checkpointing: Chen et al. 2016, "Training Deep
 * Nets with Sublinear Memory Cost"). Memory then grows with depth by one array (B, T, D) a block;
 * time by a forward pass of the blocks that take part in the backward pass.
 *
 * <pre>{@code
 * Recomputation blocks = new Recomputation(step);
 * NDList out = vit.forward(store, new NDList(images), true, blocks.asParameters());
 * collector.backward(loss(out));     // through head, pool and norm
 * blocks.backward();                 // through blocks and stem
 * }</pre>
 *
 * <p>Gradients are those of the usual way. Dropout and stochastic depth inside the blocks are drawn
 * alike in both passes, from the seed and the number of the block, so they are other draws than in
 * the usual way; the engine's generator is left somewhere else, too.
 *
 * <p>One object serves one pass of a {@link VisionTransformer} or {@link MaskedImageModel}, in one
 * thread. What it keeps belongs to the manager of the images until the backward pass is over.
 */
public final class Recomputation {

  private static final String KEY = "vit4j.recomputation";

  private record Kept(EncoderLayer block, NDArray input, int seed) {}

  private final SplittableRandom random;
  private final Deque<Kept> kept = new ArrayDeque<>();
  private @Nullable Pass pass;
  private @Nullable NDArray tokens;
  private @Nullable NDArray bias;
  private @Nullable NDArray last;

  /**
   * Begins with nothing kept.
   *
   * @param seed of the draws inside the blocks; another one for each pass
   */
  public Recomputation(long seed) {
    random = new SplittableRandom(seed);
  }

  /** {@return what to hand to {@code Block.forward}, which passes it by DJL's extra parameters} */
  public PairList<String, Object> asParameters() {
    PairList<String, Object> parameters = new PairList<>();
    parameters.add(KEY, this);
    return parameters;
  }

  static @Nullable Recomputation in(@Nullable PairList<String, Object> parameters) {
    if (parameters != null) {
      for (Pair<String, Object> each : parameters) {
        if (each.getKey().equals(KEY)) {
          return (Recomputation) each.getValue();
        }
      }
    }
    return null;
  }

  /**
   * Through all blocks; what comes out is a beginning, behind which recording goes on.
   *
   * @param learned whether a gradient should reach {@code x}
   * @param biasLearned whether one should reach the bias that all blocks share
   */
  NDArray forward(
      Pass through, List<EncoderLayer> blocks, NDArray x, boolean learned, boolean biasLearned) {
    if (pass != null) {
      throw new IllegalStateException("a Recomputation serves one forward pass; make another one");
    }
    pass = through;
    tokens = x;
    cutBias(through, biasLearned);
    boolean wanted = learned || bias != null;
    NDArray input = Recording.cut(x, learned);
    for (EncoderLayer block : blocks) {
      int seed = random.nextInt();
      NDArray in = input;
      seed(seed);
      NDArray out = Recording.paused(() -> block.apply(through, in));
      if (wanted || block.learns()) {
        kept.push(new Kept(block, in, seed));
        wanted = true;
      } else {
        in.close(); // nothing up to here takes a gradient
      }
      input = Recording.cut(out, wanted);
      out.close();
    }
    last = input;
    return input;
  }

  private void cutBias(Pass through, boolean learned) {
    NDArray shared = through.sharedBias();
    if (shared != null && learned) {
      bias = shared;
      through.shareBias(Recording.cut(shared, true));
    }
  }

  /**
   * Goes on with the backward pass where that of the loss has ended, before the last block, and
   * adds to the gradients of all that the tokens came from.
   */
  public void backward() {
    if (pass == null || last == null) {
      return;
    }
    NDArray gradient = taken(last);
    while (!kept.isEmpty()) {
      Kept next = kept.pop();
      if (gradient != null) {
        seed(next.seed);
        try (NDArray out = next.block.apply(pass, next.input);
            NDArray given = gradient) {
          Recording.backward(out, given);
        }
        gradient = taken(next.input);
      }
      next.input.close();
    }
    if (tokens != null && gradient != null) {
      Recording.backward(tokens, gradient);
    }
    NDArray shared = pass.sharedBias();
    if (bias != null && shared != null && shared.hasGradient()) {
      Recording.backward(bias, shared.getGradient());
    }
    last = null;
  }

  private static @Nullable NDArray taken(NDArray x) {
    return x.hasGradient() ? x.getGradient() : null;
  }

  private static void seed(int seed) {
    Engine.getEngine("PyTorch").setRandomSeed(seed);
  }
}
