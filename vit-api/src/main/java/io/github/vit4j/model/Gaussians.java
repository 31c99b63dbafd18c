package io.github.vit4j.model;

/**
 * The numbers of {@link java.util.Random#nextGaussian}, bit for bit, as its documentation defines
 * them, for one thread. That class pays for its safety with several locks a number, which is half
 * of the time that drawing a large model takes.
 */
final class Gaussians {

  private static final long MULTIPLIER = 0x5DEECE66DL;
  private static final long MASK = (1L << 48) - 1;

  private long state;
  private double second;
  private boolean hasSecond;

  Gaussians(long seed) {
    state = (seed ^ MULTIPLIER) & MASK;
  }

  double next() {
    if (hasSecond) {
      hasSecond = false;
      return second;
    }
    double v1;
    double v2;
    double square;
    do { // a point within the unit circle
      v1 = 2 * uniform() - 1;
      v2 = 2 * uniform() - 1;
      square = v1 * v1 + v2 * v2;
    } while (square >= 1 || square == 0);
    double multiplier = StrictMath.sqrt(-2 * StrictMath.log(square) / square);
    second = v2 * multiplier;
    hasSecond = true;
    return v1 * multiplier;
  }

  private double uniform() {
    return (((long) bits(26) << 27) + bits(27)) * 0x1.0p-53;
  }

  private int bits(int count) {
    state = state * MULTIPLIER + 0xB & MASK;
    return (int) (state >>> 48 - count);
  }
}
