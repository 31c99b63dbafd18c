package io.github.vit4j.zoo.checkpoint;

/** The 8-bit floats of Micikevicius et al. (2022), "FP8 formats for deep learning", widened. */
final class QuarterPrecision {

  private QuarterPrecision() {}

  /** 5 bits of exponent, 2 of mantissa: the upper half of an IEEE binary16. */
  static float e5m2ToFloat(byte bits) {
    return HalfPrecision.float16ToFloat((short) (bits << 8));
  }

  /** 4 bits of exponent (bias 7), 3 of mantissa; no infinities, only S.1111.111 is NaN. */
  static float e4m3ToFloat(byte bits) {
    int exponent = (bits >> 3) & 0xF;
    int mantissa = bits & 0x7;
    float magnitude;
    if (exponent == 0xF && mantissa == 0x7) {
      magnitude = Float.NaN;
    } else if (exponent == 0) {
      magnitude = mantissa * 0x1p-9f;
    } else {
      magnitude = Math.scalb(8 + mantissa, exponent - 10);
    }
    return bits < 0 ? -magnitude : magnitude;
  }
}
