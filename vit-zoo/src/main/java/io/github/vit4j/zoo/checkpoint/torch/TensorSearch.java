package io.github.vit4j.zoo.checkpoint.torch;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.zoo.checkpoint.pickle.Dictionary;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for dictionaries of tensors in the object of a file. The same dictionary may stand in it
 * any number of times, and within itself, so what was found out about one is remembered, and there
 * is an end to the levels.
 */
final class TensorSearch {

  /** Under what keys people keep the weights, the likeliest first. */
  static final List<String> PREFERRED =
      List.of(
          "model",
          "state_dict",
          "model_state_dict",
          "teacher",
          "student",
          "model_ema",
          "state_dict_ema",
          "ema",
          "net",
          "network",
          "module",
          "backbone",
          "encoder",
          "params",
          "weights");

  private static final int DEEPEST = 4;
  private static final int MOST_SHOWN = 16;

  private final Object root;
  private final Map<Object, Boolean> holding = new IdentityHashMap<>();
  private final List<Map<Object, Boolean>> leading = new ArrayList<>();

  TensorSearch(Object root) {
    this.root = root;
    for (int level = 0; level <= DEEPEST; level++) {
      leading.add(new IdentityHashMap<>());
    }
  }

  /** {@return the keys that lead to the dictionary that is probably meant} */
  List<String> preferred() {
    List<String> keys = new ArrayList<>();
    Object value = root;
    while (value instanceof Dictionary here && keys.size() < DEEPEST) {
      int levels = DEEPEST - keys.size() - 1;
      String key = preferredKey(here, levels);
      if (key == null && !holds(here)) {
        key = onlyKey(here, levels);
      }
      Object next = key == null ? null : here.entries().get(key);
      if (key == null || next == null) {
        break;
      }
      keys.add(key);
      value = next;
    }
    return keys;
  }

  private @Nullable String preferredKey(Dictionary here, int levels) {
    for (String key : PREFERRED) {
      Object value = here.entries().get(key);
      if (value != null && leads(value, levels)) {
        return key;
      }
    }
    return null;
  }

  private @Nullable String onlyKey(Dictionary here, int levels) {
    List<String> keys = new ArrayList<>();
    for (Map.Entry<Object, Object> entry : here.entries().entrySet()) {
      if (entry.getKey() instanceof String key && leads(entry.getValue(), levels)) {
        keys.add(key);
      }
    }
    if (keys.size() > 1) {
      throw new BadInputException(
          "holds several dictionaries of tensors, "
              + shown(keys)
              + "; select one of them by its key");
    }
    return keys.isEmpty() ? null : keys.get(0);
  }

  private boolean leads(Object value, int levels) {
    if (!(value instanceof Dictionary here)) {
      return holds(value);
    }
    Boolean known = leading.get(levels).get(value);
    if (known == null) {
      known = holds(value);
      for (int i = 0; i < PREFERRED.size() && !known && levels > 0; i++) {
        Object inner = here.entries().get(PREFERRED.get(i));
        known = inner != null && leads(inner, levels - 1);
      }
      leading.get(levels).put(value, known);
    }
    return known;
  }

  private boolean holds(Object value) {
    if (!(value instanceof Dictionary here)) {
      return ModuleTensors.isModule(value);
    }
    return holding.computeIfAbsent(
        here,
        dictionary ->
            here.entries().entrySet().stream()
                .anyMatch(e -> e.getKey() instanceof String && isTensor(e.getValue())));
  }

  static boolean isTensor(Object value) {
    return value instanceof StridedTensor || value instanceof Refused;
  }

  /** {@return the keys that a path with slashes stands for; a key may have slashes itself} */
  List<String> at(String path) {
    List<String> keys = new ArrayList<>();
    Object value = root;
    String rest = path;
    while (!rest.isEmpty()) {
      if (!(value instanceof Dictionary here) || keys.size() == DEEPEST) {
        throw nothingAt(path);
      }
      String key = rest;
      while (!here.entries().containsKey(key) && key.contains("/")) {
        key = key.substring(0, key.lastIndexOf('/'));
      }
      Object next = here.entries().get(key);
      if (next == null) {
        throw nothingAt(path);
      }
      keys.add(key);
      value = next;
      rest = rest.substring(Math.min(rest.length(), key.length() + 1));
    }
    return keys;
  }

  private BadInputException nothingAt(String path) {
    List<String> paths = paths();
    return new BadInputException(
        "has nothing under the key "
            + Shown.quoted(path)
            + "; it holds tensors under "
            + (paths.isEmpty() ? "no key" : shown(paths)));
  }

  /** {@return what could be selected: keys under which there are tensors, at most 16} */
  List<String> paths() {
    List<String> found = new ArrayList<>();
    if (root instanceof Dictionary top) {
      collect(top, "", found);
      for (String key : PREFERRED) {
        if (top.entries().get(key) instanceof Dictionary inner) {
          collect(inner, key + "/", found);
        }
      }
    }
    return found;
  }

  private void collect(Dictionary here, String prefix, List<String> found) {
    for (Map.Entry<Object, Object> entry : here.entries().entrySet()) {
      if (found.size() == MOST_SHOWN) {
        return;
      }
      if (entry.getKey() instanceof String key && holds(entry.getValue())) {
        found.add(prefix + key);
      }
    }
  }

  private static String shown(List<String> keys) {
    List<String> first = keys.stream().limit(MOST_SHOWN).map(Shown::quoted).toList();
    return first + (keys.size() > MOST_SHOWN ? " and more" : "");
  }
}
