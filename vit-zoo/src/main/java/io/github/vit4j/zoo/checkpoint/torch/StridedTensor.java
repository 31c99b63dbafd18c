package io.github.vit4j.zoo.checkpoint.torch;

import io.github.vit4j.error.BadInputException;
import java.util.List;

/**
 * A view into a storage.
 *
 * @param storage where its elements lie
 * @param type of its elements
 * @param offset of the first element, in elements of this type
 * @param shape the sizes
 * @param strides how far apart neighbours lie along each dimension, in elements
 */
public record StridedTensor(
    Storage storage, ElementType type, long offset, List<Long> shape, List<Long> strides) {

  /** {@return whether the elements lie row-major without gaps} */
  public boolean contiguous() {
    long expected = 1;
    for (int axis = shape.size() - 1; axis >= 0; axis--) {
      if (shape.get(axis) != 1 && strides.get(axis) != expected) {
        return shape.contains(0L);
      }
      expected *= shape.get(axis);
    }
    return true;
  }

  /**
   * How many elements there are from the first to behind the last one in the storage.
   *
   * @return 0 for an empty tensor
   * @throws BadInputException if a size or stride is negative or the last element lies beyond the
   *     end of the storage
   */
  public long span() {
    if (shape.size() != strides.size() || offset < 0) {
      throw new BadInputException(
          "has the shape " + shape + ", the strides " + strides + " and the offset " + offset);
    }
    try {
      long last = 0;
      boolean empty = false;
      for (int axis = 0; axis < shape.size(); axis++) {
        if (shape.get(axis) < 0 || strides.get(axis) < 0) {
          throw new BadInputException(
              "has a negative number in its shape " + shape + " or its strides " + strides);
        }
        empty |= shape.get(axis) == 0;
        long steps = Math.max(0, shape.get(axis) - 1);
        last = Math.addExact(last, Math.multiplyExact(steps, strides.get(axis)));
      }
      if (empty) {
        return 0;
      }
      long end = Math.multiplyExact(Math.addExact(Math.addExact(offset, last), 1), type.size());
      if (end > storage.bytes()) {
        throw new BadInputException(
            "reaches to byte "
                + end
                + " of a storage that has only "
                + storage.bytes()
                + "; the file is damaged or made to do harm");
      }
      return last + 1;
    } catch (ArithmeticException e) {
      throw new BadInputException(
          "has the impossibly large shape " + shape + " with the strides " + strides, e);
    }
  }
}
