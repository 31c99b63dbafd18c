package io.github.vit4j.compute;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.torchscript.ScriptArchive;
import io.github.vit4j.torchscript.ScriptModule;
import org.jspecify.annotations.Nullable;

/**
 * Products of float32 arrays, computed in bfloat16: factors are rounded to 8 significant bits, sums
 * are float32, and so is the result. Gradients flow through them the same way and arrive in float32
 * (Micikevicius et al. 2018, "Mixed Precision Training"; bfloat16 has the exponent of float32, so
 * that no loss needs scaling).
 *
 * <p>Arrays of bfloat16 exist inside the engine only: DJL's Java API cannot hold one.
 */
public final class Bfloat16Product {

  private Bfloat16Product() {}

  private static final class Kernel {

    static final ScriptModule MODULE = load();

    private Kernel() {}

    private static ScriptModule load() {
      ScriptArchive archive = new ScriptArchive("Bfloat16");
      archive.method(
          """
          def linear(self, x: Tensor, w: Tensor, b: Tensor) -> Tensor:
            y = torch.linear(torch.to(x, 15), torch.to(w, 15), torch.to(b, 15))
            return torch.to(y, 6)
          def product(self, x: Tensor, w: Tensor) -> Tensor:
            return torch.to(torch.linear(torch.to(x, 15), torch.to(w, 15)), 6)
          """);
      archive.method(mlp("mlp", "torch.gelu(h)"));
      archive.method(mlp("mlp_tanh", "torch.gelu(h, approximate=\"tanh\")"));
      return ScriptModule.load(archive);
    }

    private static String mlp(String name, String activation) {
      return """
          def %s(self, x: Tensor, w1: Tensor, b1: Tensor, w2: Tensor, b2: Tensor) -> Tensor:
            h = torch.linear(torch.to(x, 15), torch.to(w1, 15), torch.to(b1, 15))
            y = torch.linear(%s, torch.to(w2, 15), torch.to(b2, 15))
            return torch.to(y, 6)
          """
          .formatted(name, activation);
    }
  }

  /**
   * {@return {@code x W' + b}; belongs to the manager of {@code x}}
   *
   * @param x input of shape (B, K) or (B, T, K)
   * @param weight of shape (N, K)
   * @param bias of shape (N), or null
   */
  public static NDArray linear(NDArray x, NDArray weight, @Nullable NDArray bias) {
    return bias == null
        ? Kernel.MODULE.call("product", x, weight)
        : Kernel.MODULE.call("linear", x, weight, bias);
  }

  /**
   * {@return {@code gelu(x W1' + b1) W2' + b2}, the hidden values in bfloat16, too; belongs to the
   * manager of {@code x}}
   *
   * @param x input of shape (B, T, K)
   * @param w1 of shape (H, K)
   * @param b1 of shape (H)
   * @param w2 of shape (N, H)
   * @param b2 of shape (N)
   * @param tanh whether GELU is the approximation by tanh
   */
  public static NDArray mlp(
      NDArray x, NDArray w1, NDArray b1, NDArray w2, NDArray b2, boolean tanh) {
    return Kernel.MODULE.call(tanh ? "mlp_tanh" : "mlp", x, w1, b1, w2, b2);
  }
}
