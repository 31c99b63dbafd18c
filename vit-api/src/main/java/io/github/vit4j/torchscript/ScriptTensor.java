package io.github.vit4j.torchscript;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.error.BadInputException;
import java.nio.ByteBuffer;

/**
 * A tensor of a module. Its values are asked for when the archive is written, twice: once for the
 * checksum that stands before them.
 *
 * @param name its name as an attribute of the module
 * @param values its values, contiguous, float32 or int64; not closed
 * @param parameter whether loaders see it as a parameter that can train, or as a buffer
 */
record ScriptTensor(String name, NDArray values, boolean parameter) {

  ScriptTensor {
    storage(values.getDataType(), name);
  }

  Shape shape() {
    return values.getShape();
  }

  ByteBuffer bytes() {
    return values.toByteBuffer();
  }

  /** PyTorch's name for memory that holds such values. */
  String storage() {
    return storage(values.getDataType(), name);
  }

  private static String storage(DataType type, String name) {
    return switch (type) {
      case FLOAT32 -> "FloatStorage";
      case INT64 -> "LongStorage";
      default ->
          throw new BadInputException(
              "tensor %s is of type %s; a module holds float32 and int64".formatted(name, type));
    };
  }
}
