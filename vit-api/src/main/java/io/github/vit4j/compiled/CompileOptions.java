package io.github.vit4j.compiled;

import io.github.vit4j.compute.Precision;

/**
 * How a model is compiled.
 *
 * @param precision the numbers that stem and blocks are computed with; inputs and outputs stay
 *     float32
 * @param packed whether products use oneDNN's own weight layout and fusions; false leaves only
 *     operators that every engine has. Without oneDNN, and on a GPU, nothing is packed anyway
 */
public record CompileOptions(Precision precision, boolean packed) {

  /** {@return the default: float32, packed where that is possible} */
  public static CompileOptions float32() {
    return new CompileOptions(Precision.FLOAT32, true);
  }

  /** {@return bfloat16, packed where that is possible} */
  public static CompileOptions bfloat16() {
    return new CompileOptions(Precision.BFLOAT16, true);
  }

  /** {@return the same with operators only that every engine has} */
  public CompileOptions plain() {
    return new CompileOptions(precision, false);
  }
}
