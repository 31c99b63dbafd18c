package io.github.vit4j.finetune.train;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a run was asked to do, as flat text, so that two runs can be told apart by name. */
final class Settings {

  private static final Gson GSON = new Gson();
  private static final int LONGEST = 60;
  private static final int MOST_SHOWN = 5;

  /** The number of epochs, which may change where the schedule does not follow from it. */
  static final String EPOCHS = "epochs";

  private static final String OPTIMIZATION = "recipe.optimization.";

  private final TreeMap<String, String> values = new TreeMap<>();

  Settings() {}

  Settings(Map<String, String> values) {
    this.values.putAll(values);
  }

  Settings put(String key, Object value) {
    values.put(key, String.valueOf(value));
    return this;
  }

  /** Every component of a record, and of the records in it, as a key of its own. */
  Settings putAll(String prefix, Object record) {
    flatten(prefix, GSON.toJsonTree(record));
    return this;
  }

  Settings putJson(String prefix, String json) {
    flatten(prefix, GSON.fromJson(json, JsonElement.class));
    return this;
  }

  private void flatten(String key, JsonElement element) {
    if (element.isJsonObject()) {
      element.getAsJsonObject().asMap().forEach((name, v) -> flatten(key + "." + name, v));
    } else {
      boolean text = element instanceof JsonPrimitive p && p.isString();
      values.put(key, text ? element.getAsString() : element.toString());
    }
  }

  Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  /**
   * One phrase for each key whose values differ, {@code now} being this object's, where these are
   * the settings of runs. The number of epochs is no difference, and what runs of earlier versions
   * do not say is what they did.
   */
  List<String> differencesOfRuns(Settings then) {
    Settings before = new Settings(then.values);
    before.put(EPOCHS, values.getOrDefault(EPOCHS, ""));
    String decay = before.values.getOrDefault(OPTIMIZATION + "weightDecay", "");
    before.values.putIfAbsent(OPTIMIZATION + "headDecay", decay);
    before.values.putIfAbsent(OPTIMIZATION + "bfloat16Momentum", "false");
    before.values.putIfAbsent(OPTIMIZATION + "timeScaleEpochs", "0.0");
    before.values.putIfAbsent(OPTIMIZATION + "cooldownEpochs", "0.0");
    return differences(before);
  }

  /** The first few of many phrases. */
  static String shortened(List<String> differences) {
    int more = Math.max(0, differences.size() - MOST_SHOWN);
    return String.join("; ", differences.subList(0, differences.size() - more))
        + (more == 0 ? "" : "; and %d more".formatted(more));
  }

  /** One phrase for each key whose values differ, {@code now} being this object's. */
  List<String> differences(Settings then) {
    TreeSet<String> keys = new TreeSet<>(values.keySet());
    keys.addAll(then.values.keySet());
    List<String> found = new ArrayList<>();
    for (String key : keys) {
      String now = values.get(key);
      String before = then.values.get(key);
      if (!Objects.equals(now, before)) {
        found.add("%s was %s and is %s".formatted(key, shown(before), shown(now)));
      }
    }
    return found;
  }

  private static String shown(@Nullable String value) {
    if (value == null) {
      return "not there";
    }
    return value.length() > LONGEST ? value.substring(0, LONGEST) + "..." : value;
  }
}
