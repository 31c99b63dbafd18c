package io.github.vit4j.examples.study;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.train.EpochMetrics;
import io.github.vit4j.zoo.checkpoint.WholeFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a trial came to, as its folder keeps it.
 *
 * @param variant what is compared
 * @param seed of the trial
 * @param parameters of the model
 * @param trained how many of them moved
 * @param epochs the first one first
 * @param bestTop1 accuracy of the best epoch in percent
 * @param cpuSecondsPerEpoch time that all threads together computed, which other work on the
 *     machine hardly changes
 * @param peakBytes the most memory that the process held; 0 where the system does not tell
 * @param taskBytes size of the task file
 * @param modelBytes size of the whole model's file
 */
record Outcome(
    String variant,
    long seed,
    long parameters,
    long trained,
    List<EpochMetrics> epochs,
    double bestTop1,
    double cpuSecondsPerEpoch,
    long peakBytes,
    long taskBytes,
    long modelBytes) {

  private static final String FILE = "outcome.json";

  /** {@return accuracy after the last epoch in percent, which no choice among epochs has raised} */
  double top1() {
    return epochs.get(epochs.size() - 1).top1();
  }

  void write(Path folder) {
    String json = new GsonBuilder().setPrettyPrinting().create().toJson(this);
    WholeFile.write(folder.resolve(FILE), json.getBytes(StandardCharsets.UTF_8));
  }

  /** {@return the outcome of a finished trial} */
  static Optional<Outcome> read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new GsonBuilder().create().fromJson(Files.readString(file), Outcome.class));
    } catch (IOException | JsonParseException e) {
      throw new BadInputException(
          "%s is broken (%s); delete it and start again".formatted(file, e.getMessage()), e);
    }
  }
}
