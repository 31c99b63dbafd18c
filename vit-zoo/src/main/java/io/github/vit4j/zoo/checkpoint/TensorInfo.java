package io.github.vit4j.zoo.checkpoint;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.util.List;

/**
 * What a checkpoint says about one tensor.
 *
 * @param name the key in the state dictionary, any text
 * @param type the type of its elements
 * @param shape the sizes of its dimensions, row-major; empty for a scalar, and a 0 makes it empty
 */
public record TensorInfo(String name, TensorType type, List<Long> shape) {

  /** More than any array library supports (NumPy 64, PyTorch 64). */
  static final int MOST_DIMENSIONS = 64;

  /**
   * @throws BadInputException if a dimension is negative, there are more than 64 of them, or the
   *     bytes would not fit in 63 bits
   */
  public TensorInfo {
    shape = List.copyOf(shape);
    if (shape.size() > MOST_DIMENSIONS) {
      throw new BadInputException(
          "tensor " + Shown.quoted(name) + " has " + shape.size() + " dimensions; 64 is the most");
    }
    try {
      long bytes = type.size();
      for (long size : shape) {
        if (size < 0) {
          throw new BadInputException(
              "tensor "
                  + Shown.quoted(name)
                  + " has a negative size in its shape "
                  + shape
                  + "; sizes are 0 or more");
        }
        bytes = Math.multiplyExact(bytes, size);
      }
    } catch (ArithmeticException e) {
      throw new BadInputException(
          "tensor " + Shown.quoted(name) + " has the impossibly large shape " + shape, e);
    }
  }

  /**
   * @return how many elements there are
   */
  public long elements() {
    long elements = 1;
    for (long size : shape) {
      elements *= size;
    }
    return elements;
  }

  /**
   * @return how many bytes the elements take in the file's own type
   */
  public long bytes() {
    return elements() * type.size();
  }
}
