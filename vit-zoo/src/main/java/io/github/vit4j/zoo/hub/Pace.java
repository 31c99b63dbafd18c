package io.github.vit4j.zoo.hub;

/** Notices a server that sends just enough never to be called stalled. */
final class Pace {

  private final long window;
  private final double least;
  private long begun;
  private long bytes;

  Pace(TransferOptions options, long now) {
    window = options.rateWindow().toNanos();
    least = options.slowestRate() * (window / 1e9);
    begun = now;
  }

  /** Counts bytes; true if a whole window brought too few. */
  boolean isTooSlow(long count, long now) {
    bytes += count;
    if (now - begun < window) {
      return false;
    }
    boolean slow = bytes < least * ((now - begun) / (double) window);
    begun = now;
    bytes = 0;
    return slow;
  }
}
