package io.github.vit4j.zoo.checkpoint;

import ai.djl.ndarray.NDArray;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/**
 * One tensor to be written. What it is has to be known at once, because it stands in the header of
 * the file; its values are asked for when their turn comes, so one tensor at a time is in memory.
 *
 * @param info name, type and shape
 * @param data gives the values
 */
public record TensorSource(TensorInfo info, Data data) {

  /** Gives the values of one tensor, once for each time that it is written. */
  @FunctionalInterface
  public interface Data {
    /**
     * @return all elements, row-major and little-endian, from position to limit; the writer reads
     *     it to the end before it asks for the next tensor
     */
    ByteBuffer read();
  }

  /**
   * An engine array, on any device, under a name of the caller's choice.
   *
   * @param name the key in the file
   * @param array stays open until the file has been written
   * @return its values in its own type
   * @throws BadInputException if no file type corresponds to the array's
   */
  public static TensorSource of(String name, NDArray array) {
    List<Long> shape = Arrays.stream(array.getShape().getShape()).boxed().toList();
    TensorType type =
        switch (array.getDataType()) {
          case FLOAT64 -> TensorType.F64;
          case FLOAT32 -> TensorType.F32;
          case FLOAT16 -> TensorType.F16;
          case BFLOAT16 -> TensorType.BF16;
          case INT64 -> TensorType.I64;
          case INT32 -> TensorType.I32;
          case INT8 -> TensorType.I8;
          case UINT8 -> TensorType.U8;
          case BOOLEAN -> TensorType.BOOL;
          default ->
              throw new BadInputException(
                  "array "
                      + Shown.quoted(name)
                      + " of type "
                      + array.getDataType()
                      + " cannot be stored; convert it first");
        };
    return new TensorSource(new TensorInfo(name, type, shape), array::toByteBuffer);
  }

  /**
   * A tensor of another file.
   *
   * @param file stays open until the new file has been written
   * @param name its key there and in the new file
   * @return its values, unchanged
   */
  public static TensorSource of(Checkpoint file, String name) {
    return new TensorSource(file.info(name), () -> file.bytes(name));
  }

  /**
   * Float32 values that are already at hand.
   *
   * @param name the key in the file
   * @param shape its product is the number of values
   * @param values row-major
   * @return the values as F32
   */
  public static TensorSource of(String name, List<Long> shape, float[] values) {
    TensorInfo info = new TensorInfo(name, TensorType.F32, shape);
    return new TensorSource(
        info,
        () -> {
          ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
          bytes.asFloatBuffer().put(values);
          return bytes;
        });
  }

  /**
   * Values that are computed when their turn comes.
   *
   * @param info its type is F32, F16 or BF16, to which the values are rounded
   * @param values gives them, row-major
   * @return the values in that type
   * @throws BadInputException if the type is another
   */
  public static TensorSource computed(TensorInfo info, Supplier<float[]> values) {
    if (!List.of(TensorType.F32, TensorType.F16, TensorType.BF16).contains(info.type())) {
      throw new BadInputException(
          "tensor "
              + Shown.quoted(info.name())
              + " is "
              + info.type()
              + "; computed values can be stored as F32, F16 or BF16");
    }
    return new TensorSource(info, () -> bytes(info, values.get()));
  }

  private static ByteBuffer bytes(TensorInfo info, float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(info.type().size(), values.length))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (info.type()) {
        case F16 -> bytes.putShort(HalfPrecision.floatToFloat16(value));
        case BF16 -> bytes.putShort(HalfPrecision.floatToBfloat16(value));
        default -> bytes.putFloat(value);
      }
    }
    return bytes.flip();
  }
}
