package io.github.vit4j.zoo.checkpoint;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/** Little-endian elements of any type, widened to the types that Java and the engine compute in. */
final class Elements {

  private static final int CHUNK = 4096;

  private Elements() {}

  /** Writes every element of {@code bytes} as the nearest float32, advancing {@code out}. */
  static void toFloats(TensorType type, ByteBuffer bytes, FloatBuffer out) {
    ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int count = in.remaining() / type.size();
    switch (type) {
      case F32 -> out.put(in.asFloatBuffer());
      case F16, BF16 -> widenHalves(type, in.asShortBuffer(), out);
      case F64 -> {
        for (int i = 0; i < count; i++) {
          out.put((float) in.getDouble());
        }
      }
      case F8_E5M2 -> {
        for (int i = 0; i < count; i++) {
          out.put(QuarterPrecision.e5m2ToFloat(in.get()));
        }
      }
      case F8_E4M3 -> {
        for (int i = 0; i < count; i++) {
          out.put(QuarterPrecision.e4m3ToFloat(in.get()));
        }
      }
      case U64 -> {
        for (int i = 0; i < count; i++) {
          long bits = in.getLong();
          // halved with a sticky last bit, so that the one rounding is the cast's
          out.put(bits >= 0 ? (float) bits : ((bits >>> 1) | (bits & 1)) * 2f);
        }
      }
      default -> {
        for (int i = 0; i < count; i++) {
          out.put((float) nextLong(type, in));
        }
      }
    }
  }

  /** Through small arrays: the JIT compiles loops over those several times faster than buffers. */
  private static void widenHalves(TensorType type, ShortBuffer in, FloatBuffer out) {
    short[] halves = new short[Math.min(CHUNK, in.remaining())];
    float[] floats = new float[halves.length];
    while (in.hasRemaining()) {
      int count = Math.min(CHUNK, in.remaining());
      in.get(halves, 0, count);
      if (type == TensorType.BF16) {
        for (int i = 0; i < count; i++) {
          floats[i] = HalfPrecision.bfloat16ToFloat(halves[i]);
        }
      } else {
        for (int i = 0; i < count; i++) {
          floats[i] = HalfPrecision.float16ToFloat(halves[i]);
        }
      }
      out.put(floats, 0, count);
    }
  }

  /** Writes every element of an integer type, advancing {@code out}. */
  static void toLongs(TensorInfo info, ByteBuffer bytes, LongBuffer out) {
    ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int count = in.remaining() / info.type().size();
    for (int i = 0; i < count; i++) {
      long value = nextLong(info.type(), in);
      if (info.type() == TensorType.U64 && value < 0) {
        throw new BadInputException(
            "tensor "
                + Shown.quoted(info.name())
                + " (U64) holds "
                + Long.toUnsignedString(value)
                + ", which does not fit a Java long");
      }
      out.put(value);
    }
  }

  private static long nextLong(TensorType type, ByteBuffer in) {
    return switch (type) {
      case BOOL -> in.get() != 0 ? 1 : 0;
      case U8 -> in.get() & 0xFF;
      case I8 -> in.get();
      case U16 -> in.getShort() & 0xFFFF;
      case I16 -> in.getShort();
      case U32 -> in.getInt() & 0xFFFF_FFFFL;
      case I32 -> in.getInt();
      case U64, I64 -> in.getLong();
      case F8_E5M2, F8_E4M3, F16, BF16, F32, F64 ->
          throw new IllegalArgumentException(type + " is not an integer type");
    };
  }
}
