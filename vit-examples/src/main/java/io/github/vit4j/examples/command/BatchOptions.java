package io.github.vit4j.examples.command;

import io.github.vit4j.finetune.evaluate.BulkInference;
import io.github.vit4j.finetune.fewshot.FewShot;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the work is cut up. */
public final class BatchOptions {

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

  /** For picocli. */
  public BatchOptions() {}

  /**
   * {@return the same with the options that were given}
   *
   * @param inference to change
   */
  public BulkInference applyTo(BulkInference inference) {
    BulkInference chosen = batch == null ? inference : inference.withBatch(batch);
    return threads == null ? chosen : chosen.withThreads(threads);
  }

  /**
   * {@return the same, with the options that were given}
   *
   * @param evaluation to change
   */
  public FewShot applyTo(FewShot evaluation) {
    if (batch != null) {
      evaluation.batch(batch);
    }
    return threads == null ? evaluation : evaluation.threads(threads);
  }
}
