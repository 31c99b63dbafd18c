package io.github.vit4j.examples.cli;

import io.github.vit4j.finetune.evaluate.BulkInference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the work is cut up. */
final class BatchOptions {

  @Option(
      names = {"-b", "--batch"},
      paramLabel = "N",
      description = "Images that the model sees at once. Default: 32.")
  @Nullable Integer batch;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that decode images. Default: one a processor.")
  @Nullable Integer threads;

  BulkInference applyTo(BulkInference inference) {
    BulkInference chosen = batch == null ? inference : inference.withBatch(batch);
    return threads == null ? chosen : chosen.withThreads(threads);
  }
}
