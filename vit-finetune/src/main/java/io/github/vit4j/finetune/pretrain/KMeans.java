package io.github.vit4j.finetune.pretrain;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.RandomStreams;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Clusters vectors in memory: k-means++ to begin with, then Lloyd's algorithm. */
final class KMeans {

  private static final long STREAM = 19;
  private static final int ROWS = 4096;
  private static final int BEGIN_PER_CENTRE = 10;
  private static final int BEGIN_AT_LEAST = 20_000;
  private static final double ENOUGH = 1e-4;

  private final float[] vectors;
  private final int width;
  private final int count;
  private final SplittableRandom random;

  KMeans(float[] vectors, int width, long seed) {
    this.vectors = vectors;
    this.width = width;
    count = vectors.length / width;
    random = RandomStreams.of(seed, STREAM);
  }

  /**
   * What was found.
   *
   * @param centres (k, width)
   * @param assigned the centre of each vector
   * @param inertia mean squared distance to it
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  record Found(float[] centres, int[] assigned, double inertia) {}

  Found cluster(NDManager parent, int k, int iterations) {
    float[] centres = begin(k);
    int[] assigned = new int[count];
    float[] distances = new float[count];
    double before = Double.POSITIVE_INFINITY;
    for (int i = 0; ; i++) {
      double inertia = assign(parent, centres, assigned, distances);
      if (i == iterations || before - inertia <= ENOUGH * inertia) {
        return new Found(centres, assigned, inertia);
      }
      before = inertia;
      centres = moved(k, assigned, distances);
    }
  }

  /** k-means++ over a random part of the vectors: each next centre is likelier the farther off. */
  private float[] begin(int k) {
    int[] part = part((int) Math.min(count, Math.max((long) BEGIN_PER_CENTRE * k, BEGIN_AT_LEAST)));
    float[] centres = new float[k * width];
    double[] distances = new double[part.length];
    Arrays.fill(distances, Double.POSITIVE_INFINITY);
    int chosen = part[(int) (random.nextDouble() * part.length)];
    for (int c = 0; ; c++) {
      System.arraycopy(vectors, chosen * width, centres, c * width, width);
      if (c == k - 1) {
        return centres;
      }
      double total = 0;
      for (int i = 0; i < part.length; i++) {
        distances[i] = Math.min(distances[i], distance(part[i], centres, c));
        total += distances[i];
      }
      if (!(total > 0)) {
        throw new BadInputException(
            "there are only %d different patches in the sample, fewer than the %d entries of the codebook; give a smaller size, or other images"
                .formatted(c + 1, k));
      }
      chosen = part[drawn(distances, total)];
    }
  }

  private int[] part(int wanted) {
    int[] part = new int[wanted];
    int to = 0;
    for (int i = 0; to < wanted; i++) {
      if ((count - i) * random.nextDouble() < wanted - to) {
        part[to++] = i;
      }
    }
    return part;
  }

  private int drawn(double[] weights, double total) {
    double left = random.nextDouble() * total;
    int last = 0;
    for (int i = 0; i < weights.length; i++) {
      if (weights[i] > 0) {
        last = i;
        left -= weights[i];
        if (left < 0) {
          return i;
        }
      }
    }
    return last; // rounding
  }

  private float distance(int vector, float[] centres, int centre) {
    float sum = 0;
    int from = vector * width;
    int other = centre * width;
    for (int i = 0; i < width; i++) {
      float d = vectors[from + i] - centres[other + i];
      sum += d * d;
    }
    return sum;
  }

  private double assign(NDManager parent, float[] centres, int[] assigned, float[] distances) {
    double sum = 0;
    try (NDManager scope = parent.newSubManager()) {
      NDArray table = scope.create(centres, new Shape(centres.length / width, width));
      NDArray squares = PatchImages.squares(table);
      for (int from = 0; from < count; from += ROWS) {
        int to = Math.min(count, from + ROWS);
        try (NDArray rows =
            scope.create(
                Arrays.copyOfRange(vectors, from * width, to * width),
                new Shape(to - from, width))) {
          long[] found = PatchImages.nearest(rows, table, squares);
          for (int i = from; i < to; i++) {
            assigned[i] = (int) found[i - from];
            distances[i] = distance(i, centres, assigned[i]);
            sum += distances[i];
          }
        }
      }
    }
    return sum / count;
  }

  /** The means; a centre that has lost all its vectors goes to the one that is served worst. */
  private float[] moved(int k, int[] assigned, float[] distances) {
    int[] members = new int[k];
    for (int centre : assigned) {
      members[centre]++;
    }
    for (int centre = 0; centre < k; centre++) {
      if (members[centre] == 0) {
        int farthest = -1;
        for (int i = 0; i < count; i++) {
          boolean free = members[assigned[i]] > 1;
          farthest = free && (farthest < 0 || distances[i] > distances[farthest]) ? i : farthest;
        }
        members[assigned[farthest]]--; // there is one, as vectors are no fewer than centres
        assigned[farthest] = centre;
        members[centre] = 1;
        distances[farthest] = 0;
      }
    }
    return means(vectors, width, assigned, k);
  }

  /** The mean of the rows of each cluster, (k, width); zeros for a cluster without any. */
  static float[] means(float[] rows, int width, int[] assigned, int k) {
    double[] sums = new double[k * width];
    int[] members = new int[k];
    for (int i = 0; i < assigned.length; i++) {
      int to = assigned[i] * width;
      members[assigned[i]]++;
      for (int d = 0; d < width; d++) {
        sums[to + d] += rows[i * width + d];
      }
    }
    float[] means = new float[sums.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) (sums[i] / Math.max(1, members[i / width]));
    }
    return means;
  }
}
