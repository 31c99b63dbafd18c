package io.github.vit4j.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.vit4j.compute.AttentionRoute;
import io.github.vit4j.compute.FusedAttention;
import io.github.vit4j.compute.Scalars;
import io.github.vit4j.config.QkvBias;
import io.github.vit4j.config.ViTConfig;
import org.jspecify.annotations.Nullable;

/** Multi-head self-attention, {@code softmax(q k' / sqrt(d) + bias) v}, and its projection. */
final class Attention extends Part {

  private final int block;
  private final int branch;
  private final long heads;
  private final long headWidth;
  private final float dropout;
  private final float attentionDropout;
  private final Linear qkv;
  private final @Nullable Parameter qBias;
  private final @Nullable Parameter vBias;
  private final @Nullable LayerNorm qNorm;
  private final @Nullable LayerNorm kNorm;
  private final @Nullable RelativeBias relativeBias;
  private final Linear proj;

  Attention(ViTConfig config, int block, int branch) {
    this.block = block;
    this.branch = branch;
    long d = config.width();
    heads = config.heads();
    headWidth = config.headWidth();
    dropout = (float) config.dropout();
    attentionDropout = (float) config.attentionDropout();
    boolean splitBias = config.qkvBias() == QkvBias.QV_ONLY;
    qBias = splitBias ? bias("q_bias", d) : null;
    vBias = splitBias ? bias("v_bias", d) : null;
    boolean tabled = config.relativePosition().perBlock();
    relativeBias = tabled ? inlined("bias", new RelativeBias(config, Role.ATTENTION)) : null;
    qkv = part("qkv", new Linear(Role.ATTENTION, d, 3 * d, config.qkvBias() == QkvBias.ALL));
    qNorm = config.qkNorm() ? part("q_norm", headNorm(config)) : null;
    kNorm = config.qkNorm() ? part("k_norm", headNorm(config)) : null;
    proj = part("proj", new Linear(Role.ATTENTION, d, d, true));
  }

  private Parameter bias(String name, long width) {
    return weight(name, Parameter.Type.BIAS, Role.ATTENTION, new Init.Constant(0), width);
  }

  private static LayerNorm headNorm(ViTConfig config) {
    return new LayerNorm(Role.ATTENTION, config.headWidth(), config.normEps());
  }

  @Override
  NDArray apply(Pass pass, NDArray x) {
    long b = x.getShape().get(0);
    long n = x.getShape().get(1);
    // cut by one split, whose gradient is one concatenation; that of three gets would be a sum of
    // three arrays of the whole size, mostly zeros
    NDList qkvParts =
        project(pass, x).reshape(b, n, 3, heads, headWidth).split(3, 2); // 3 x (B, N, 1, H, d)
    NDArray q = normed(pass, qNorm, headsFirst(qkvParts.get(0)));
    NDArray k = normed(pass, kNorm, headsFirst(qkvParts.get(1)));
    NDArray v = headsFirst(qkvParts.get(2));

    NDArray mixed = needsMap(pass, x) ? mix(pass, q, k, v, x) : fused(pass, q, k, v, x);
    NDArray joined = mixed.transpose(0, 2, 1, 3).reshape(b, n, heads * headWidth); // (B, N, D)
    return Dropout.apply(pass, proj.apply(pass, joined), dropout);
  }

  private static NDArray headsFirst(NDArray part) {
    return part.squeeze(2).transpose(0, 2, 1, 3); // (B, N, 1, H, d) -> (B, H, N, d)
  }

  /** The formula. */
  private NDArray mix(Pass pass, NDArray q, NDArray k, NDArray v, NDArray x) {
    NDArray scores =
        Scalars.times(q, 1 / Math.sqrt(headWidth)).matMul(k.transpose(0, 1, 3, 2)); // (B, H, N, N)
    NDArray bias = bias(pass, x);
    NDArray map = (bias == null ? scores : scores.add(bias)).softmax(-1);
    Observer observer = pass.observer();
    if (observer != null) {
      observer.attention(block, branch, map);
    }
    return Dropout.apply(pass, map, attentionDropout).matMul(v); // (B, H, N, d)
  }

  /** The same without a map. */
  private NDArray fused(Pass pass, NDArray q, NDArray k, NDArray v, NDArray x) {
    return FusedAttention.of(q, k, v, bias(pass, x)); // (B, H, N, d)
  }

  private boolean needsMap(Pass pass, NDArray x) {
    Observer observer = pass.observer();
    return (observer != null && observer.wantsAttention(block))
        || (pass.training() && attentionDropout > 0)
        || pass.routes().attentionOn(x.getDevice()) == AttentionRoute.PLAIN;
  }

  private @Nullable NDArray bias(Pass pass, NDArray x) {
    NDArray shared = pass.sharedBias();
    if (relativeBias == null) {
      return shared;
    }
    NDArray own = relativeBias.apply(pass, x); // (1, H, N, N)
    return shared == null ? own : own.add(shared);
  }

  private NDArray project(Pass pass, NDArray x) {
    if (qBias == null || vBias == null) {
      return qkv.apply(pass, x);
    }
    NDArray q = pass.view(qBias, x);
    NDArray none = x.getManager().zeros(q.getShape(), q.getDataType());
    NDArray all = q.getNDArrayInternal().concat(new NDList(none, pass.get(vBias, x)), 0);
    return qkv.applyWithBias(pass, x, all); // (D) -> (3D), zero for the keys
  }

  Linear layer(LowRank.Layer which) {
    return switch (which) {
      case QKV -> qkv;
      case PROJ -> proj;
    };
  }

  private static NDArray normed(Pass pass, @Nullable LayerNorm norm, NDArray x) {
    return norm == null ? x : norm.apply(pass, x);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return inputShapes;
  }
}
