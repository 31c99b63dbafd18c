package io.github.vit4j.examples.study;

import com.google.gson.JsonObject;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The folder of a study: one of each trial, and what they follow from.
 *
 * @param root the folder
 */
record StudyFolder(Path root) {

  private static final String SETTINGS = "settings.json";

  /** Written by the trainer when a run begins. */
  private static final String BEGUN = "run.json";

  /** {@return the folder of a trial} */
  Path of(Trial trial) {
    return root.resolve(trial.name());
  }

  /**
   * Makes the folder for a study, or refuses to mix trials of different settings in it.
   *
   * @param now what all trials follow from, beside variant and seed
   * @throws BadInputException if trials of other settings have begun here
   */
  void prepare(Map<String, String> now) throws IOException {
    Files.createDirectories(root);
    Path file = root.resolve(SETTINGS);
    if (hasBegun()) {
      JsonObject then = OutcomeFile.read(file, JsonObject.class).orElse(null);
      List<String> differences = then == null ? List.of() : differences(then, now);
      if (!differences.isEmpty()) {
        throw new BadInputException(
            "%s holds a study with other settings: %s; give the same to go on, or another --out"
                .formatted(root, String.join("; ", differences)));
      }
    }
    OutcomeFile.write(file, new TreeMap<>(now));
  }

  private static List<String> differences(JsonObject then, Map<String, String> now) {
    List<String> found = new ArrayList<>();
    new TreeMap<>(now)
        .forEach(
            (key, value) -> {
              String before = then.has(key) ? then.get(key).getAsString() : "not set";
              if (!before.equals(value)) {
                found.add("%s was %s and is %s".formatted(key, before, value));
              }
            });
    return found;
  }

  private boolean hasBegun() throws IOException {
    try (Stream<Path> trials = Files.list(root)) {
      return trials.anyMatch(
          trial -> Files.exists(trial.resolve(BEGUN)) || Outcome.read(trial).isPresent());
    }
  }

  /**
   * {@return the outcomes of all trials that are finished, whichever were asked for}
   *
   * @param variants in the order of tables
   */
  List<Outcome> outcomes(List<String> variants) throws IOException {
    try (Stream<Path> trials = Files.list(root)) {
      return trials
          .flatMap(trial -> Outcome.read(trial).stream())
          .sorted(
              Comparator.<Outcome>comparingInt(o -> variants.indexOf(o.variant()))
                  .thenComparingLong(Outcome::seed))
          .toList();
    }
  }
}
