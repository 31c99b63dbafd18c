package io.github.vit4j.inference;

import java.time.Duration;

/**
 * What a {@link BatchingPredictor} has done so far. Latencies run from the call to the answer,
 * preparation and waiting included, over the last 8192 answered requests; zero before the first.
 *
 * @param answered requests that got their result
 * @param failed requests that failed or were cancelled after their image was accepted
 * @param batches how often the model ran
 * @param meanBatch images a run, on average
 * @param queued requests that wait now
 * @param p50 the median latency
 * @param p90 the latency that 90 of 100 requests keep
 * @param p99 the latency that 99 of 100 requests keep
 * @param max the longest latency
 */
public record ServingStats(
    long answered,
    long failed,
    long batches,
    double meanBatch,
    int queued,
    Duration p50,
    Duration p90,
    Duration p99,
    Duration max) {}
