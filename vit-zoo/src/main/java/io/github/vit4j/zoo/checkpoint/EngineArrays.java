package io.github.vit4j.zoo.checkpoint;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * Bytes of a file as engine arrays. Only types that the engine's bridge knows ever reach it: any
 * other (BFLOAT16, INT16, the unsigned ones) would end the JVM.
 */
final class EngineArrays {

  private EngineArrays() {}

  /** The engine's type for a tensor's values. */
  static DataType engineType(TensorType type) {
    return switch (type) {
      case F8_E5M2, F8_E4M3, F16, BF16, F32, F64 -> DataType.FLOAT32;
      case BOOL -> DataType.BOOLEAN;
      case U8 -> DataType.UINT8;
      case I8 -> DataType.INT8;
      case I16, U16, I32 -> DataType.INT32;
      case U32, I64, U64 -> DataType.INT64;
    };
  }

  /** Whether the file's bytes are already what the engine computes with. */
  static boolean sameBytes(TensorType type) {
    return switch (type) {
      case F32, I32, I64, U8, I8 -> true;
      default -> false;
    };
  }

  static Shape shape(TensorInfo info) {
    return new Shape(info.shape().stream().mapToLong(Long::longValue).toArray());
  }

  /**
   * A copy in memory that the engine owns, so that not even a stray view of it can outlive it, and
   * which the JVM's limit for direct memory does not count.
   */
  static NDArray copy(TensorInfo info, ByteBuffer bytes, NDManager manager) {
    if (!manager.getDevice().equals(Device.cpu())) {
      try (NDManager host = manager.newSubManager(Device.cpu())) {
        NDArray array = copy(info, bytes, host).toDevice(manager.getDevice(), true);
        array.attach(manager);
        return array;
      }
    }
    DataType type = engineType(info.type());
    if (info.elements() * type.getNumOfBytes() > Integer.MAX_VALUE) {
      throw new BadInputException(
          "tensor "
              + Shown.quoted(info.name())
              + " takes more than 2 GiB as "
              + type
              + ", more than one array can be filled with");
    }
    NDArray array = manager.create(shape(info), type);
    if (info.elements() > 0) {
      fill(info, bytes, array.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN));
    }
    return array;
  }

  private static void fill(TensorInfo info, ByteBuffer bytes, ByteBuffer out) {
    if (sameBytes(info.type())) {
      out.put(bytes.duplicate());
    } else if (info.type().isFloat()) {
      Elements.toFloats(info.type(), bytes, out.asFloatBuffer());
    } else {
      widen(info, bytes, out);
    }
  }

  private static void widen(TensorInfo info, ByteBuffer bytes, ByteBuffer out) {
    DataType type = engineType(info.type());
    int count = (int) info.elements();
    LongBuffer values = LongBuffer.allocate(count);
    Elements.toLongs(info, bytes, values);
    for (int i = 0; i < count; i++) {
      long value = values.get(i);
      switch (type) {
        case BOOLEAN -> out.put((byte) value);
        case INT32 -> out.putInt((int) value);
        default -> out.putLong(value);
      }
    }
  }
}
