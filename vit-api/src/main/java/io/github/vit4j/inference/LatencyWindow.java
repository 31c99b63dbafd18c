package io.github.vit4j.inference;

import java.time.Duration;
import java.util.Arrays;

/** What became of the requests, and how long the last of them took. */
final class LatencyWindow {

  /** Enough for a 99th percentile that means something. */
  private static final int SIZE = 8192;

  private final long[] nanos = new long[SIZE];
  private long answered;
  private long failed;
  private long batches;
  private long computed;

  synchronized void batch(int images) {
    batches++;
    computed += images;
  }

  synchronized void answered(long took) {
    nanos[(int) (answered++ % SIZE)] = took;
  }

  synchronized void failed() {
    failed++;
  }

  synchronized ServingStats stats(int queued) {
    long[] sorted = Arrays.copyOf(nanos, (int) Math.min(answered, SIZE));
    Arrays.sort(sorted);
    return new ServingStats(
        answered,
        failed,
        batches,
        batches == 0 ? 0 : (double) computed / batches,
        queued,
        percentile(sorted, 50),
        percentile(sorted, 90),
        percentile(sorted, 99),
        percentile(sorted, 100));
  }

  /** The smallest value that at least this share of all values does not exceed. */
  private static Duration percentile(long[] sorted, int percent) {
    if (sorted.length == 0) {
      return Duration.ZERO;
    }
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return Duration.ofNanos(sorted[rank - 1]);
  }
}
