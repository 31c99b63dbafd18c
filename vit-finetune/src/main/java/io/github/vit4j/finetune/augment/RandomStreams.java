package io.github.vit4j.finetune.augment;

import java.util.SplittableRandom;

/**
 * Where every draw of a training run comes from: one seed, and the place in the run that draws.
 *
 * <p>A stream depends on its seed and key alone, never on the thread or on what was drawn before,
 * so that a resumed run, or one with more threads, draws the same.
 *
 * <p>The key's numbers are folded into the seed one by one with the output function of SplitMix64
 * (Steele, Lea, Flood 2014), which {@link SplittableRandom} is made of too. Keys that begin with 1,
 * 2 and 3 are the sampler's, the images' and the mixing's; a trainer's own begin with others.
 */
public final class RandomStreams {

  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private RandomStreams() {}

  /**
   * {@return a fresh stream}
   *
   * @param seed of the run
   * @param key what draws: the epoch, the sample, ...; keys that differ give unrelated streams
   */
  public static SplittableRandom of(long seed, long... key) {
    return new SplittableRandom(seed(seed, key));
  }

  /**
   * {@return the number that {@link #of} starts its stream from}
   *
   * @param seed of the run
   * @param key what draws
   */
  public static long seed(long seed, long... key) {
    long state = mix(seed + GOLDEN_GAMMA);
    for (long part : key) {
      state = mix(state * 31 + GOLDEN_GAMMA + part);
    }
    return state;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
