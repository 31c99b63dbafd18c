package io.github.vit4j.compute;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.torchscript.ScriptArchive;
import io.github.vit4j.torchscript.ScriptModule;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention in one operator, {@code softmax(q k' / sqrt(d) + bias) v}: the
 * engine walks over the keys in tiles and never holds the (N, N) map, neither forward nor backward.
 *
 * <p>DJL's Java API does not have the operator, so this class writes a TorchScript module around it
 * and has the engine load that. Gradients flow through it. With a bias that learns the engine holds
 * the map after all, since it needs it for the bias' gradient.
 */
public final class FusedAttention {

  private FusedAttention() {}

  /** Loaded by the first that attends; it has no tensors and serves every device. */
  private static final class Kernel {

    static final @Nullable ScriptModule MODULE = load();

    private Kernel() {}

    private static @Nullable ScriptModule load() {
      ScriptArchive archive = new ScriptArchive("Attention");
      archive.method(
          """
          def attend(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            return torch.scaled_dot_product_attention(q, k, v)
          def biased(self, q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
            return torch.scaled_dot_product_attention(q, k, v, bias)
          """);
      try {
        return ScriptModule.load(archive);
      } catch (EngineException e) {
        return null; // an engine without the operator; the plain formula is always there
      }
    }
  }

  /** {@return whether the engine has the operator; starts the engine if it does not run yet} */
  public static boolean isThere() {
    return Kernel.MODULE != null;
  }

  /**
   * {@return the mixed values, (B, H, N, d); belongs to the manager of {@code q}}
   *
   * @param q queries, (B, H, N, d), not scaled
   * @param k keys, (B, H, M, d)
   * @param v values, (B, H, M, d)
   * @param bias what to add to the scores, of a shape that broadcasts to (B, H, N, M), or null
   * @throws BadInputException if the engine does not have the operator
   */
  public static NDArray of(NDArray q, NDArray k, NDArray v, @Nullable NDArray bias) {
    ScriptModule kernel = Kernel.MODULE;
    if (kernel == null) {
      throw new BadInputException(
          "this engine has no fused attention; set the system property %s to plain"
              .formatted(AttentionRoute.PROPERTY));
    }
    return bias == null ? kernel.call("attend", q, k, v) : kernel.call("biased", q, k, v, bias);
  }
}
