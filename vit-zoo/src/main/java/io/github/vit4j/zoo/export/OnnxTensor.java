package io.github.vit4j.zoo.export;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** A tensor that an ONNX file holds: a head of a few bytes, then the numbers, little-endian. */
final class OnnxTensor {

  // fields of TensorProto
  private static final int DIMENSIONS = 1;
  private static final int TYPE = 2;
  private static final int NAME = 8;
  private static final int RAW_DATA = 9;

  // TensorProto.DataType
  private static final int FLOAT = 1;
  private static final int INT64 = 7;

  private static final int CHUNK = 1 << 18;

  /** Gives the numbers when they are written. */
  @FunctionalInterface
  private interface Data {
    ByteBuffer bytes();
  }

  private final byte[] head;
  private final long dataBytes;
  private final Data data;

  private OnnxTensor(String name, int type, long[] shape, int elementBytes, Data data) {
    long elements = 1;
    ProtoMessage message = new ProtoMessage();
    for (long size : shape) {
      message.number(DIMENSIONS, size);
      elements *= size;
    }
    dataBytes = elements * elementBytes;
    head = message.number(TYPE, type).text(NAME, name).length(RAW_DATA, dataBytes).toBytes();
    this.data = data;
  }

  static OnnxTensor of(String name, NDArray values) {
    return new OnnxTensor(
        name, FLOAT, values.getShape().getShape(), Float.BYTES, () -> bytes(values));
  }

  static OnnxTensor of(String name, long[] shape, float... values) {
    return new OnnxTensor(name, FLOAT, shape, Float.BYTES, () -> bytes(values));
  }

  static OnnxTensor of(String name, long[] shape, long... values) {
    return new OnnxTensor(
        name,
        INT64,
        shape,
        Long.BYTES,
        () -> {
          ByteBuffer bytes =
              ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
          bytes.asLongBuffer().put(values);
          return bytes;
        });
  }

  private static ByteBuffer bytes(NDArray values) {
    if (values.getDataType() == DataType.FLOAT32) {
      return bytes(values.toFloatArray());
    }
    try (NDArray widened = values.toType(DataType.FLOAT32, true)) {
      return bytes(widened.toFloatArray());
    }
  }

  private static ByteBuffer bytes(float[] values) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return bytes;
  }

  long length() {
    return head.length + dataBytes;
  }

  void writeTo(FileChannel out) throws IOException {
    writeFully(out, ByteBuffer.wrap(head));
    writeFully(out, data.bytes());
  }

  static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    // in slices: for a heap buffer the JDK keeps a direct copy as large as what it is handed
    int end = bytes.limit();
    while (bytes.position() < end) {
      bytes.limit(Math.min(end, bytes.position() + CHUNK));
      out.write(bytes);
      bytes.limit(end);
    }
  }
}
