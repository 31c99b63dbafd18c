package io.github.vit4j.compiled;

/**
 * How a model is compiled.
 *
 * @param precision the numbers that the program computes with
 * @param packed whether products use oneDNN's own weight layout and fusions; false leaves only
 *     operators that every engine has. Without oneDNN, and on a GPU, nothing is packed anyway
 */
public record CompileOptions(Precision precision, boolean packed) {

  /** The numbers that a program computes with. */
  public enum Precision {
    /** Single precision: the block's results but for rounding. */
    FLOAT32,

    /** Half of the bits, for processors with such products; inputs and outputs stay float32. */
    BFLOAT16
  }

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
