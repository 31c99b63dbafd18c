package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.vit4j.compute.Scalars;
import io.github.vit4j.config.FeedForwardKind;
import io.github.vit4j.config.ViTConfig;

/**
 * Multihead attention pooling (MAP; Scaling Vision Transformers, section 3.2): a learned probe
 * attends to the patches, then {@code x + mlp(norm(x))}. There is no residual around the attention.
 */
final class AttentionPool extends Part {

  private final long heads;
  private final long headWidth;
  private final Parameter latent;
  private final Linear q;
  private final Linear kv;
  private final Linear proj;
  private final LayerNorm norm;
  private final FeedForward mlp;

  AttentionPool(ViTConfig config) {
    long d = config.width();
    heads = config.heads();
    headWidth = config.headWidth();
    Init init = new Init.TruncatedNormal(1 / Math.sqrt(d));
    latent = weight("latent", Parameter.Type.OTHER, Role.POOL, init, 1, 1, d);
    q = part("q", new Linear(Role.POOL, d, d, true));
    kv = part("kv", new Linear(Role.POOL, d, 2 * d, true));
    proj = part("proj", new Linear(Role.POOL, d, d, true));
    norm = part("norm", new LayerNorm(Role.POOL, d, config.normEps()));
    mlp = part("mlp", new FeedForward(config, Role.POOL, FeedForwardKind.MLP));
  }

  /** (B, N, D) -> (B, D). */
  @Override
  NDArray apply(Pass pass, NDArray x) {
    long b = x.getShape().get(0);
    long n = x.getShape().get(1);
    NDArray query =
        q.apply(pass, pass.view(latent, x))
            .reshape(1, 1, heads, headWidth)
            .transpose(0, 2, 1, 3); // (1, 1, D) -> (1, H, 1, d)
    NDArray keysAndValues =
        kv.apply(pass, x)
            .reshape(b, n, 2, heads, headWidth)
            .transpose(2, 0, 3, 1, 4); // (B, N, 2D) -> (2, B, H, N, d)
    NDArray map =
        Scalars.times(query, 1 / Math.sqrt(headWidth))
            .matMul(keysAndValues.get(0).transpose(0, 1, 3, 2))
            .softmax(-1); // (B, H, 1, N)
    NDArray mixed =
        map.matMul(keysAndValues.get(1)).transpose(0, 2, 1, 3).reshape(b, 1, heads * headWidth);
    NDArray y = proj.apply(pass, mixed); // (B, 1, D)
    return y.add(mlp.apply(pass, norm.apply(pass, y))).reshape(b, heads * headWidth);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), heads * headWidth)};
  }
}
