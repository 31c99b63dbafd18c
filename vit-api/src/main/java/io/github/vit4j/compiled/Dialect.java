package io.github.vit4j.compiled;

/** The words in which a program says its products. */
enum Dialect {
  /** Operators that every libtorch has, on every device. */
  PORTABLE {
    @Override
    String linear(String x, String product) {
      return "torch.linear(%s, self.%s_w, self.%s_b)".formatted(x, product, product);
    }

    @Override
    String linearGelu(String x, String product, boolean tanh) {
      String gelu = tanh ? "torch.gelu(%s, approximate=\"tanh\")" : "torch.gelu(%s)";
      return gelu.formatted(linear(x, product));
    }

    @Override
    String linearAdd(String other, String x, String product) {
      return "torch.add(%s, %s)".formatted(other, linear(x, product));
    }
  },

  /** oneDNN's products with weights in its own layout, and what it fuses into them. */
  PACKED {
    private static final String NO_SCALARS = "annotate(List[Optional[number]], [])";

    @Override
    String linear(String x, String product) {
      return pointwise(x, product, "none", "none");
    }

    @Override
    String linearGelu(String x, String product, boolean tanh) {
      return pointwise(x, product, "gelu", tanh ? "tanh" : "none");
    }

    @Override
    String linearAdd(String other, String x, String product) {
      return "ops.mkldnn._linear_pointwise(%s, %s, self.%s_w, self.%s_b, \"add\")"
          .formatted(x, other, product, product);
    }

    private String pointwise(String x, String product, String what, String how) {
      return "ops.mkldnn._linear_pointwise(%s, self.%s_w, self.%s_b, \"%s\", %s, \"%s\")"
          .formatted(x, product, product, what, NO_SCALARS, how);
    }
  },

  /** oneDNN's products of integers of 8 bits; what goes in and comes out is float32. */
  INT8 {
    @Override
    String linear(String x, String product) {
      return call("int8", x, product);
    }

    @Override
    String linearGelu(String x, String product, boolean tanh) {
      return call(tanh ? "int8_gelu_tanh" : "int8_gelu", x, product);
    }

    @Override
    String linearAdd(String other, String x, String product) {
      return "torch.add(%s, %s)".formatted(other, linear(x, product));
    }

    private String call(String method, String x, String product) {
      return "self.%s(%s, self.%s_w, self.%s_s, self.%s_z, self.%s_b)"
          .formatted(method, x, product, product, product, product);
    }
  };

  /** {@code x W' + b}. */
  abstract String linear(String x, String product);

  /** {@code gelu(x W' + b)}. */
  abstract String linearGelu(String x, String product, boolean tanh);

  /** {@code other + x W' + b}, both of one shape. */
  abstract String linearAdd(String other, String x, String product);
}
