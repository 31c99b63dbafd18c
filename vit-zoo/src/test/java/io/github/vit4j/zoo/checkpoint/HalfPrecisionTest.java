package io.github.vit4j.zoo.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against twins that work from the definition of the formats, in doubles and by search. */
class HalfPrecisionTest {

  @Test
  void widensEveryFloat16() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      assertSame(HalfPrecision.float16ToFloat((short) bits), value(bits, 5, 10));
    }
  }

  @Test
  void widensEveryBfloat16() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      assertSame(HalfPrecision.bfloat16ToFloat((short) bits), value(bits, 8, 7));
    }
  }

  @Test
  void widensEveryFloat8() {
    for (int bits = 0; bits < 256; bits++) {
      assertSame(QuarterPrecision.e5m2ToFloat((byte) bits), value(bits, 5, 2));
      int magnitude = bits & 0x7F;
      // E4M3 gives its topmost exponent to ordinary numbers, all but one
      double expected =
          magnitude == 0x7F
              ? Double.NaN
              : magnitude >= 0x78 ? (8 + (magnitude & 7)) * 32 : value(magnitude, 4, 3);
      assertSame(QuarterPrecision.e4m3ToFloat((byte) bits), bits < 128 ? expected : -expected);
    }
  }

  @Test
  void everySixteenBitValueSurvivesTheRoundTrip() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float wide = HalfPrecision.float16ToFloat((short) bits);
      short back = HalfPrecision.floatToFloat16(wide);
      assertThat(back).isEqualTo((short) (Float.isNaN(wide) ? bits | 0x0200 : bits));
      wide = HalfPrecision.bfloat16ToFloat((short) bits);
      back = HalfPrecision.floatToBfloat16(wide);
      assertThat(back).isEqualTo((short) (Float.isNaN(wide) ? bits | 0x0040 : bits));
    }
  }

  /** Every two neighbours: just below, at and just above the midpoint, and the neighbours' own. */
  @Test
  void roundsToNearestWithTiesToEven() {
    for (int low = 0; low < 0x7C00; low++) {
      double a = value(low, 5, 10);
      double b = low == 0x7BFF ? 65536 : value(low + 1, 5, 10);
      float middle = (float) ((a + b) / 2);
      int even = low + (low & 1);
      assertFloat16(Math.nextDown(middle), low);
      assertFloat16(middle, even);
      assertFloat16(Math.nextUp(middle), low + 1);
    }
    for (int low = 0; low < 0x7F80; low++) {
      float middle = Float.intBitsToFloat((low << 16) | 0x8000);
      int even = low + (low & 1);
      assertBfloat16(Float.intBitsToFloat((low << 16) | 0x7FFF), low);
      assertBfloat16(middle, even);
      assertBfloat16(Float.intBitsToFloat((low << 16) | 0x8001), low + 1);
    }
  }

  @Test
  void roundsWhateverIsThrownAtItToTheNearest() {
    Random random = new Random(20261120);
    for (int i = 0; i < 200_000; i++) {
      // exponents around and within the range of binary16
      int bits = ((95 + random.nextInt(55)) << 23) | random.nextInt(1 << 23);
      float value = Float.intBitsToFloat(bits);
      int half = HalfPrecision.floatToFloat16(value) & 0xFFFF;
      double error = half == 0x7C00 ? 0 : Math.abs(value(half, 5, 10) - value);
      if (half == 0x7C00) {
        assertThat(value).isGreaterThanOrEqualTo(65520f);
      } else {
        assertThat(error).isLessThanOrEqualTo(Math.abs(value(half + 1 & 0xFFFF, 5, 10) - value));
        if (half > 0) {
          assertThat(error).isLessThanOrEqualTo(Math.abs(value(half - 1, 5, 10) - value));
        }
      }
    }
  }

  private static void assertFloat16(float value, int bits) {
    assertThat(HalfPrecision.floatToFloat16(value)).isEqualTo((short) bits);
    assertThat(HalfPrecision.floatToFloat16(-value)).isEqualTo((short) (bits | 0x8000));
  }

  private static void assertBfloat16(float value, int bits) {
    assertThat(HalfPrecision.floatToBfloat16(value)).isEqualTo((short) bits);
    assertThat(HalfPrecision.floatToBfloat16(-value)).isEqualTo((short) (bits | 0x8000));
  }

  /** What the bits of an IEEE format with so many bits of exponent and mantissa mean. */
  private static double value(int bits, int exponentBits, int mantissaBits) {
    int mantissa = bits & ((1 << mantissaBits) - 1);
    int exponent = (bits >> mantissaBits) & ((1 << exponentBits) - 1);
    int bias = (1 << (exponentBits - 1)) - 1;
    double sign = (bits >> (mantissaBits + exponentBits) & 1) == 1 ? -1 : 1;
    double fraction = mantissa / (double) (1 << mantissaBits);
    if (exponent == (1 << exponentBits) - 1) {
      return mantissa == 0 ? sign / 0.0 : Double.NaN;
    }
    return exponent == 0
        ? sign * fraction * Math.pow(2, 1 - bias)
        : sign * (1 + fraction) * Math.pow(2, exponent - bias);
  }

  private static void assertSame(float actual, double expected) {
    if (Double.isNaN(expected)) {
      assertThat(actual).isNaN();
    } else {
      assertThat(Double.doubleToRawLongBits(actual))
          .isEqualTo(Double.doubleToRawLongBits(expected));
    }
  }
}
