package io.github.vit4j.zoo.checkpoint;

import java.nio.ByteBuffer;
import java.util.List;

/** Copies the elements of a strided view into row-major order. */
final class Strides {

  private Strides() {}

  /**
   * @param from begins at the view's first element and reaches at least to its last
   * @param size bytes of one element
   * @param strides in elements
   */
  static byte[] rowMajor(ByteBuffer from, int size, List<Long> shape, List<Long> strides) {
    int elements = 1;
    for (long length : shape) {
      elements = Math.toIntExact(elements * length);
    }
    byte[] result = new byte[Math.multiplyExact(elements, size)];
    int[] index = new int[shape.size()];
    long at = 0;
    for (int to = 0; to < result.length; to += size) {
      from.get(Math.toIntExact(at * size), result, to, size);
      // the position moves as an odometer does, last index first
      for (int axis = index.length - 1; axis >= 0; axis--) {
        at += strides.get(axis);
        if (++index[axis] < shape.get(axis)) {
          break;
        }
        index[axis] = 0;
        at -= strides.get(axis) * shape.get(axis);
      }
    }
    return result;
  }
}
