package io.github.vit4j.finetune.task;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Whether two architectures are the same but for what a task may choose. */
final class SameBackbone {

  /** Image size and head are a task's own; the rates matter in training only. */
  private static final Set<String> FREE =
      Set.of(
          "imageHeight",
          "imageWidth",
          "classes",
          "headBias",
          "distillationHead",
          "dropPath",
          "dropPathIncreasing",
          "dropout",
          "attentionDropout",
          "headDropout");

  private SameBackbone() {}

  /**
   * @throws BadInputException that lists what differs, if something does
   */
  static void require(ViTConfig base, ViTConfig task) {
    JsonObject ours = JsonParser.parseString(base.toJson()).getAsJsonObject();
    JsonObject theirs = JsonParser.parseString(task.toJson()).getAsJsonObject();
    Set<String> keys = new TreeSet<>(ours.keySet());
    keys.addAll(theirs.keySet()); // JSON leaves a missing LayerScale out
    List<String> differences = new ArrayList<>();
    for (String key : keys) {
      JsonElement own = ours.get(key);
      if (!FREE.contains(key) && !Objects.equals(own, theirs.get(key))) {
        differences.add("%s is %s, the base's %s".formatted(key, theirs.get(key), own));
      }
    }
    if (!differences.isEmpty()) {
      throw new BadInputException(
          "the task's architecture is not the base's: %s. A task may differ in image size and head"
                  .formatted(String.join("; ", differences))
              + " only; save another architecture as a model of its own");
    }
  }
}
