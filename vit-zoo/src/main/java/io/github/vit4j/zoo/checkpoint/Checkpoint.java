package io.github.vit4j.zoo.checkpoint;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * A file with named tensors, open for reading. Opening reads what the tensors are; their values are
 * read when asked for.
 *
 * <p>The file must not be changed in place while it is open (replacing it by another file of that
 * name, as {@link SafeTensors#write} does, is fine). Any number of threads may read. After {@link
 * #close} every reading method throws {@link IllegalStateException}, but what was handed out before
 * stays valid: arrays, and buffers too.
 *
 * <p>Reading methods throw {@link BadInputException} when there is no tensor of that name, or when
 * its values cannot be had in the form asked for.
 */
public interface Checkpoint extends AutoCloseable {

  /**
   * @return the file
   */
  Path source();

  /**
   * @return the free text that the file carries about itself; empty if there is none
   */
  Map<String, String> metadata();

  /**
   * @return all tensors, in the order of the file
   */
  Collection<TensorInfo> tensors();

  /**
   * Looks a tensor up.
   *
   * @param name its key in the state dictionary
   * @return what the file says about it, or empty if it has no such tensor
   */
  Optional<TensorInfo> find(String name);

  /**
   * The raw elements, row-major and little-endian, in the file's own type.
   *
   * @param name a tensor of at most 2 GiB - 1 bytes
   * @return a read-only view, little-endian, from position 0 to the tensor's size in bytes
   */
  ByteBuffer bytes(String name);

  /**
   * What the file says about a tensor that must be there.
   *
   * @param name its key in the state dictionary
   * @return its type and shape
   */
  default TensorInfo info(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new BadInputException(
                    source()
                        + " has no tensor "
                        + Shown.quoted(name)
                        + "; it has "
                        + tensors().size()
                        + ": "
                        + tensors().stream().limit(5).map(t -> Shown.quoted(t.name())).toList()
                        + (tensors().size() > 5 ? " and more" : "")));
  }

  /**
   * The values as float32, row-major; each is the nearest float32 to the file's value.
   *
   * @param name a tensor of any type
   * @return a new array
   */
  default float[] floats(String name) {
    ByteBuffer bytes = bytes(name);
    float[] values = new float[bytes.remaining() / info(name).type().size()];
    copyTo(name, FloatBuffer.wrap(values));
    return values;
  }

  /**
   * Writes the values as float32, row-major; each is the nearest float32 to the file's value.
   *
   * @param name a tensor of any type
   * @param out has room for all elements; its position moves past them
   */
  default void copyTo(String name, FloatBuffer out) {
    TensorInfo info = info(name);
    if (out.remaining() < info.elements()) {
      throw new IllegalArgumentException(
          "tensor "
              + Shown.quoted(name)
              + " has "
              + info.elements()
              + " elements, the buffer room for "
              + out.remaining());
    }
    Elements.toFloats(info.type(), bytes(name), out);
  }

  /**
   * The values of an integer or boolean tensor, row-major; true is 1.
   *
   * @param name a tensor of an integer type
   * @return a new array
   */
  default long[] longs(String name) {
    TensorInfo info = info(name);
    if (info.type().isFloat()) {
      throw new BadInputException(
          source()
              + ": tensor "
              + Shown.quoted(name)
              + " holds "
              + info.type()
              + ", not integers; read it as floats");
    }
    ByteBuffer bytes = bytes(name);
    long[] values = new long[bytes.remaining() / info.type().size()];
    Elements.toLongs(info, bytes, LongBuffer.wrap(values));
    return values;
  }

  /**
   * The tensor as an array on the manager's device. Floats of any width become FLOAT32; integers
   * keep their type where the engine has it (INT8, UINT8, INT32, INT64), else take the next wider
   * signed one; BOOL becomes BOOLEAN.
   *
   * <p>Where that is possible the array is the file's pages themselves, mapped copy-on-write:
   * nothing is read until it is used, and changing it in place changes neither the file nor another
   * array. The mapping lives as long as the array and, for the sake of views of it (reshape,
   * transpose, slices), at least as long as {@code manager}. A <em>view</em> that shall outlive
   * {@code manager} in another manager has to be duplicated, as with any array that DJL creates
   * from Java data.
   *
   * @param name a tensor of at most 2 GiB - 1 bytes, also after widening
   * @param manager owns the array and says on which device it lies
   * @return a new array, not shared with any other
   */
  default NDArray array(String name, NDManager manager) {
    return EngineArrays.copy(info(name), bytes(name), manager);
  }

  /** Lets go of the file. */
  @Override
  void close();
}
