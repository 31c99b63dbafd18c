package io.github.vit4j.image;

import io.github.vit4j.error.BadInputException;

/**
 * For each target position along one axis: where its source window starts, how long it is, and the
 * fixed-point weights of the pixels in it.
 */
final class ResizeWeights {

  /** Of one side: 256 MiB, which are a side of millions of pixels, or no image. */
  private static final long MOST = 1 << 26;

  private final int[] starts;
  private final int[] lengths;
  private final int[] weights;
  private final int taps;

  private ResizeWeights(int[] starts, int[] lengths, int[] weights, int taps) {
    this.starts = starts;
    this.lengths = lengths;
    this.weights = weights;
    this.taps = taps;
  }

  static ResizeWeights of(
      int from, int to, int first, int count, Resampling filter, int precisionBits) {
    double scale = (double) from / to;
    double stretch = Math.max(scale, 1);
    double support = filter.support * stretch;
    int taps = Math.min((int) Math.ceil(support) * 2 + 1, from);
    int[] starts = new int[count];
    int[] lengths = new int[count];
    if ((long) count * taps > MOST) {
      throw new BadInputException(
          "Cannot resize a side of %d pixels to %d: that takes over %d weights. Scale or cut the image first."
              .formatted(from, to, MOST));
    }
    int[] weights = new int[count * taps];
    double[] exact = new double[taps];
    for (int i = 0; i < count; i++) {
      double centre = (first + i + 0.5) * scale;
      int start = Math.max(0, (int) (centre - support + 0.5));
      int length = Math.min(from, (int) (centre + support + 0.5)) - start;
      double sum = 0;
      for (int k = 0; k < length; k++) {
        exact[k] = filter.weight((k + start - centre + 0.5) * (1 / stretch));
        sum += exact[k];
      }
      starts[i] = start;
      lengths[i] = length;
      for (int k = 0; k < length; k++) {
        double weight = (sum == 0 ? exact[k] : exact[k] / sum) * (1 << precisionBits);
        weights[i * taps + k] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
      }
    }
    return new ResizeWeights(starts, lengths, weights, taps);
  }

  int count() {
    return starts.length;
  }

  /** The first source pixel that any target needs. */
  int first() {
    return starts[0];
  }

  /** One past the last source pixel that any target needs. */
  int end() {
    return starts[starts.length - 1] + lengths[lengths.length - 1];
  }

  /** The most source pixels that one target needs. */
  int taps() {
    return taps;
  }

  int start(int target) {
    return starts[target];
  }

  int length(int target) {
    return lengths[target];
  }

  /** Where the target's weights begin in {@link #weights()}. */
  int offset(int target) {
    return target * taps;
  }

  int[] weights() {
    return weights;
  }
}
