package io.github.vit4j.compiled;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.config.Activation;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.torchscript.ScriptArchive;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A program while it is written: the lines of the method at hand, and the tensors that they name.
 * What the model folds away is folded into the tensors, so that lines are few.
 */
final class Program {

  /** How the engine numbers its types. */
  static final int FLOAT = 6;

  static final int BFLOAT16 = 15;

  /** What becomes of the tensors. */
  enum Form {
    FLOAT32,
    BFLOAT16,
    INT8,
    TRAINABLE
  }

  final ViTConfig config;
  final Folding weights;
  final boolean half;
  private final Dialect dialect;
  private final boolean quantized;
  private final boolean trainable;
  private final Set<String> int8 = new HashSet<>();
  private final ScriptArchive archive = new ScriptArchive("ViT");
  private final List<String> preparations = new ArrayList<>();
  private final StringBuilder method = new StringBuilder();

  Program(ViTConfig config, Folding weights, Dialect dialect, Form form) {
    this.config = config;
    this.weights = weights;
    this.dialect = dialect;
    half = form == Form.BFLOAT16;
    quantized = form == Form.INT8;
    trainable = form == Form.TRAINABLE;
    if (quantized) {
      Int8Products.methods().forEach(archive::method);
    }
  }

  /** A line of the method at hand, such as {@code x = torch.add(x, y)}. */
  void line(String format, Object... values) {
    method.append("  ").append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  /** Begins a method of the images; what it returns is its last line. */
  void begin(String name) {
    method.setLength(0);
    method.append("def ").append(name).append("(self, images: Tensor) -> Tensor:\n");
  }

  void end(String result) {
    line("return %s", result);
    archive.method(method.toString());
  }

  /** Adds a product in the program's precision. */
  void product(String name, Folding.Product product) {
    add(name + "_b", product.bias(), half);
    addWeight(name + "_w", product.weight(), half);
  }

  /** Adds a block's product in the program's precision, or with a weight of 8 bits. */
  void blockProduct(String name, Folding.Product product) {
    if (!quantized) {
      product(name, product);
      return;
    }
    int8.add(name);
    add(name + "_b", product.bias(), false);
    add(name + "_w", product.weight(), false);
    add(
        name + "_s",
        product.bias(),
        false); // replaced, as is the next, when the weight is prepared
    add(name + "_z", product.bias(), false);
    preparations.addAll(Int8Products.preparations(name));
  }

  private Dialect of(String product) {
    return int8.contains(product) ? Dialect.INT8 : dialect;
  }

  /** Adds a product that stays in float32. */
  void exactProduct(String name, Folding.Product product) {
    add(name + "_b", product.bias(), false);
    addWeight(name + "_w", product.weight(), false);
  }

  private void addWeight(String name, NDArray weight, boolean halved) {
    add(name, weight, halved);
    if (dialect == Dialect.PACKED) {
      preparations.add(
          "self.%s = ops.mkldnn._reorder_linear_weight(self.%s)".formatted(name, name));
    }
  }

  /** Adds a tensor in the program's precision, and returns the words for it. */
  String tensor(String name, NDArray values) {
    add(name, values, half);
    return "self." + name;
  }

  /** Adds a tensor that stays in float32, and returns the words for it. */
  String exactTensor(String name, NDArray values) {
    add(name, values, false);
    return "self." + name;
  }

  private void add(String name, NDArray values, boolean halved) {
    if (trainable) {
      archive.parameter(name, values);
    } else {
      archive.buffer(name, values);
    }
    if (halved) {
      preparations.add("self.%s = torch.to(self.%s, %d)".formatted(name, name, BFLOAT16));
    }
  }

  String linear(String x, String product) {
    return of(product).linear(x, product);
  }

  String linearAdd(String other, String x, String product) {
    return of(product).linearAdd(other, x, product);
  }

  /** Attention whose queries are scaled already. */
  String attention(String q, String k, String v, @Nullable String bias) {
    return "torch.scaled_dot_product_attention(%s, %s, %s, %s, scale=1.)"
        .formatted(q, k, v, bias == null ? "None" : bias);
  }

  /** The activation after a product, fused where there is such an operator. */
  void activated(String target, String x, String product) {
    switch (config.activation()) {
      case GELU, GELU_TANH -> line("%s = %s", target, of(product).linearGelu(x, product, tanh()));
      case QUICK_GELU, SILU -> {
        line("%s = %s", target, linear(x, product));
        line("%s = %s", target, activation(target));
      }
    }
  }

  /** The activation alone. */
  String activation(String x) {
    return switch (config.activation()) {
      case GELU -> "torch.gelu(%s)".formatted(x);
      case GELU_TANH -> "torch.gelu(%s, approximate=\"tanh\")".formatted(x);
      case QUICK_GELU -> "torch.mul(%s, torch.sigmoid(torch.mul(%s, 1.702)))".formatted(x, x);
      case SILU -> "torch.mul(%s, torch.sigmoid(%s))".formatted(x, x);
    };
  }

  private boolean tanh() {
    return config.activation() == Activation.GELU_TANH;
  }

  /** LayerNorm over the last axis without its factors, which a product has taken over. */
  String bareNorm(String x, long width) {
    return norm(x, width, "None", "None");
  }

  String norm(String x, long width, String weight, String bias) {
    return String.format(
        Locale.ROOT,
        "torch.layer_norm(%s, [%d], %s, %s, %.9e)",
        x,
        width,
        weight,
        bias,
        config.normEps());
  }

  /** LayerNorm in float32 with the factors of a path. */
  String exactNorm(String x, String name, String path) {
    String weight = exactTensor(name + "_w", weights.get(path + ".weight"));
    String bias = exactTensor(name + "_b", weights.get(path + ".bias"));
    return norm(x, config.width(), weight, bias);
  }

  /** The archive, with a method that puts the tensors into their final form. */
  ScriptArchive finish() {
    if (!preparations.isEmpty()) {
      method.setLength(0);
      method.append("def prepare(self, any: Tensor) -> Tensor:\n");
      preparations.forEach(line -> method.append("  ").append(line).append('\n'));
      end("any");
    }
    return archive;
  }

  boolean needsPreparation() {
    return !preparations.isEmpty();
  }
}
