package io.github.vit4j.compiled;

import io.github.vit4j.compute.Precision;
import io.github.vit4j.error.BadInputException;

/**
 * How a model is compiled.
 *
 * @param precision the numbers that stem and blocks are computed with; inputs and outputs stay
 *     float32
 * @param packed whether products use oneDNN's own weight layout and fusions; false leaves only
 *     operators that every engine has. Without oneDNN, and on a GPU, nothing is packed anyway
 * @param quantized whether products of blocks take integers of 8 bits
 */
public record CompileOptions(Precision precision, boolean packed, boolean quantized) {

  /**
   * Refuses what there is no program for.
   *
   * @throws BadInputException if products of 8 bits are asked for beside bfloat16 or unpacked
   */
  public CompileOptions {
    if (quantized && (precision != Precision.FLOAT32 || !packed)) {
      throw new BadInputException(
          "products of 8 bits are packed, beside float32; compile with int8() as it is, or without"
              + " quantisation");
    }
  }

  /** {@return the default: float32, packed where that is possible} */
  public static CompileOptions float32() {
    return new CompileOptions(Precision.FLOAT32, true, false);
  }

  /** {@return bfloat16, packed where that is possible} */
  public static CompileOptions bfloat16() {
    return new CompileOptions(Precision.BFLOAT16, true, false);
  }

  /**
   * {@return float32 with weights of 8 bits in qkv, projection and first feed-forward products:
   * each row of such a weight is scaled to -127 to 127 once, and the tokens that it is multiplied
   * with to 0 to 255 at every call, by the range that they have in the whole batch}
   *
   * <p>Faster than float32 on x86 processors with VNNI, at some loss of accuracy, which should be
   * measured. An image's logits depend a little on the images beside it in the batch. The second
   * feed-forward product stays float32, where most of the loss was seen.
   */
  public static CompileOptions int8() {
    return new CompileOptions(Precision.FLOAT32, true, true);
  }

  /**
   * {@return the same with operators only that every engine has}
   *
   * @throws BadInputException if this is {@link #int8}, which has none of these
   */
  public CompileOptions plain() {
    return new CompileOptions(precision, false, quantized);
  }
}
