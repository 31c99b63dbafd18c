package io.github.vit4j.zoo.checkpoint;

/**
 * Conversions between float32 and the two 16-bit formats, rounding to the nearest, ties to even (as
 * IEEE 754 and PyTorch do). A 16-bit value is passed as the {@code short} with its bits.
 */
public final class HalfPrecision {

  private static final int F32_MANTISSA = 0x007F_FFFF;
  private static final int F32_EXPONENT = 0x7F80_0000;

  private HalfPrecision() {}

  /**
   * Widens an IEEE binary16. Exact; a NaN keeps its sign and payload.
   *
   * @param bits the 16 bits
   * @return the same value
   */
  public static float float16ToFloat(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >> 10) & 0x1F;
    int mantissa = bits & 0x3FF;
    if (exponent == 0) {
      // zero and subnormals: mantissa x 2^-24, exact in float32
      float magnitude = mantissa * 0x1p-24f;
      return Float.intBitsToFloat(sign | Float.floatToRawIntBits(magnitude));
    }
    if (exponent == 0x1F) {
      return Float.intBitsToFloat(sign | F32_EXPONENT | (mantissa << 13));
    }
    return Float.intBitsToFloat(sign | ((exponent + 112) << 23) | (mantissa << 13));
  }

  /**
   * Rounds to an IEEE binary16. From 65520 on the result is infinite; a NaN stays a quiet NaN.
   *
   * @param value any float32
   * @return the 16 bits
   */
  public static short floatToFloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int magnitude = bits & 0x7FFF_FFFF;
    if (magnitude > F32_EXPONENT) {
      return (short) (sign | 0x7E00 | ((magnitude & F32_MANTISSA) >> 13));
    }
    if (magnitude >= 0x4780_0000) {
      return (short) (sign | 0x7C00);
    }
    if (magnitude < 0x3880_0000) {
      // below 2^-14: count in units of 2^-24; rint rounds ties to even, and double is exact here
      return (short) (sign | (int) Math.rint(Math.abs((double) value) * 0x1p24));
    }
    // rebias the exponent, then add half a unit less one, plus one if the kept part is odd; a carry
    // runs into the exponent, which is just what rounding up to the next power (or infinity) needs
    int rebiased = magnitude - (112 << 23);
    return (short) (sign | ((rebiased + 0xFFF + ((rebiased >> 13) & 1)) >> 13));
  }

  /**
   * Widens a bfloat16. Exact.
   *
   * @param bits the 16 bits
   * @return the same value
   */
  public static float bfloat16ToFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /**
   * Rounds to a bfloat16. A NaN stays a quiet NaN.
   *
   * @param value any float32
   * @return the 16 bits
   */
  public static short floatToBfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if ((bits & 0x7FFF_FFFF) > F32_EXPONENT) {
      return (short) ((bits >>> 16) | 0x0040);
    }
    return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
  }
}
