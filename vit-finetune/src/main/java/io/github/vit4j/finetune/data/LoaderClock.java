package io.github.vit4j.finetune.data;

import java.time.Duration;

/** Counts what a loader does; its lock guards it. */
final class LoaderClock {

  private long began = System.nanoTime();
  private long batches;
  private long images;
  private long waited;
  private long worked;
  private long prepared;

  void handedOut(int count, long nanos) {
    batches++;
    images += count;
    waited += nanos;
  }

  void prepared(long nanos) {
    prepared++;
    worked += nanos;
  }

  void reset() {
    began = System.nanoTime();
    batches = 0;
    images = 0;
    waited = 0;
    worked = 0;
    prepared = 0;
  }

  LoaderStats stats() {
    return new LoaderStats(
        batches,
        images,
        Duration.ofNanos(waited),
        Duration.ofNanos(System.nanoTime() - began),
        Duration.ofNanos(worked),
        prepared);
  }
}
