package io.github.vit4j.compiled;

import io.github.vit4j.compute.Cpu;
import java.util.List;

/** What a program with weights of 8 bits has beside its lines. */
final class Int8Products {

  /** How the engine numbers its types. */
  private static final int INT8 = 1;

  private static final int INT32 = 3;
  private static final int QUINT8 = 13;

  private Int8Products() {}

  /** The methods that {@link Dialect#INT8} calls: x to integers, the product, and what is fused. */
  static List<String> methods() {
    return List.of(
        method("int8", "none", "none"),
        method("int8_gelu", "gelu", "none"),
        method("int8_gelu_tanh", "gelu", "tanh"));
  }

  private static String method(String name, String post, String how) {
    // without such instructions sums of two products saturate at 16 bits, unless a bit is left free
    String reduced = Cpu.hasVnni() ? "False" : "True";
    return """
        def %s(self, x: Tensor, w: Tensor, s: Tensor, z: Tensor, b: Tensor) -> Tensor:
          q = torch.quantize_per_tensor_dynamic(x, %d, %s)
          return ops.onednn.qlinear_pointwise(torch.int_repr(q), torch.q_scale(q), torch.q_zero_point(q), w, s, z, b, 1., 0, %d, "%s", annotate(List[Optional[number]], []), "%s")
        """
        .formatted(name, QUINT8, reduced, Program.FLOAT, post, how);
  }

  /** The lines that bring a weight (N, K) into its final form, with a scale for each row. */
  static List<String> preparations(String product) {
    return List.of(
        "self.%1$s_s = torch.div(torch.clamp_min(torch.amax(torch.abs(self.%1$s_w), [1]), 1e-20), 127.)"
            .formatted(product),
        "self.%1$s_z = torch.to(torch.zeros_like(self.%1$s_s), %2$d)".formatted(product, INT32),
        "self.%1$s_w = torch.round(torch.div(self.%1$s_w, torch.unsqueeze(self.%1$s_s, 1)))"
            .formatted(product),
        "self.%1$s_w = ops.onednn.qlinear_prepack(torch.to(self.%1$s_w, %2$d), None)"
            .formatted(product, INT8));
  }
}
