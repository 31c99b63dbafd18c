package io.github.vit4j.zoo.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Puts pickles together, opcode by opcode, so that they may say what Python never would. */
final class PickleWriter {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static PickleWriter protocol2() {
    return new PickleWriter().raw(0x80, 2);
  }

  PickleWriter raw(int... bytes) {
    for (int b : bytes) {
      out.write(b);
    }
    return this;
  }

  /** Opcodes that are letters. */
  PickleWriter op(String letters) {
    out.writeBytes(letters.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  PickleWriter repeat(String letters, int times) {
    return op(letters.repeat(times));
  }

  PickleWriter int32(int value) {
    out.writeBytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
    return this;
  }

  PickleWriter int64(long value) {
    out.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
    return this;
  }

  PickleWriter number(long value) {
    return raw(0x8a, 8).int64(value);
  }

  PickleWriter string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    op("X").int32(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  PickleWriter global(String module, String name) {
    return op("c" + module + "\n" + name + "\n");
  }

  PickleWriter tuple(long... numbers) {
    op("(");
    for (long number : numbers) {
      number(number);
    }
    return op("t");
  }

  /** A storage of floats under the key 0. */
  PickleWriter storage(long count) {
    return op("(")
        .string("storage")
        .global("torch", "FloatStorage")
        .string("0")
        .string("cpu")
        .number(count)
        .op("tQ");
  }

  /** A tensor of floats in a storage of so many. */
  PickleWriter tensor(long count, long offset, long[] shape, long[] strides) {
    return global("torch._utils", "_rebuild_tensor_v2")
        .op("(")
        .storage(count)
        .number(offset)
        .tuple(shape)
        .tuple(strides)
        .raw(0x89)
        .op("NtR");
  }

  /** A good tensor of two floats. */
  PickleWriter tensor() {
    return tensor(2, 0, new long[] {2}, new long[] {1});
  }

  byte[] stop() {
    op(".");
    return out.toByteArray();
  }
}
