package io.github.vit4j.zoo.checkpoint.torch;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.zoo.checkpoint.pickle.Dictionary;
import io.github.vit4j.zoo.checkpoint.pickle.None;
import io.github.vit4j.zoo.checkpoint.pickle.Opaque;
import io.github.vit4j.zoo.checkpoint.pickle.Sequence;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state dictionary of a whole pickled module, taken from the attributes in the pickle without
 * building it: {@code _parameters}, {@code _buffers} and {@code _modules} of an {@code nn.Module};
 * every tensor and every module among the attributes of a TorchScript module.
 */
final class ModuleTensors {

  private static final int DEEPEST = 64;

  /** Entries looked at, so that a module that contains another twice, and so on, has an end. */
  private static final int MOST_ENTRIES = 1 << 20;

  private static final int LONGEST_NAME = 1024;

  private static final String PARAMETERS = "_parameters";
  private static final String BUFFERS = "_buffers";
  private static final String MODULES = "_modules";
  private static final String UNSAVED = "_non_persistent_buffers_set";

  private final Map<String, Object> tensors = new LinkedHashMap<>();
  private int visited;

  private ModuleTensors() {}

  static boolean isModule(Object value) {
    return value instanceof Opaque object && (isScripted(object) || isPlain(object));
  }

  private static boolean isScripted(Opaque object) {
    return object.name().startsWith("__torch__.")
        && object.state().filter(Dictionary.class::isInstance).isPresent();
  }

  private static boolean isPlain(Opaque object) {
    return object.state().orElse(None.NONE) instanceof Dictionary state
        && state.entries().get(PARAMETERS) instanceof Dictionary
        && state.entries().get(MODULES) instanceof Dictionary;
  }

  /**
   * @param module one that {@link #isModule}
   * @return tensors, and what stands where one would have to be, by name
   */
  static Map<String, Object> of(Object module) {
    ModuleTensors found = new ModuleTensors();
    found.add("", (Opaque) module, 0);
    return found.tensors;
  }

  private void add(String prefix, Opaque module, int depth) {
    if (depth > DEEPEST) {
      throw tooLarge();
    }
    Map<Object, Object> state = ((Dictionary) module.state().orElseThrow()).entries();
    if (isScripted(module)) {
      state.forEach((name, value) -> scripted(path(prefix, name), value, depth));
      return;
    }
    addTensors(prefix, state.get(PARAMETERS), List.of());
    addTensors(
        prefix,
        state.get(BUFFERS),
        state.get(UNSAVED) instanceof Sequence names ? names.items() : List.of());
    if (state.get(MODULES) instanceof Dictionary children) {
      children.entries().forEach((name, child) -> child(path(prefix, name), child, depth));
    }
  }

  private String path(String prefix, Object name) {
    String path = prefix + name;
    if (++visited > MOST_ENTRIES || path.length() > LONGEST_NAME) {
      throw tooLarge();
    }
    return path;
  }

  private static BadInputException tooLarge() {
    return new BadInputException(
        "is a pickled module that is too large to be one: more than %d levels or %d entries, or names longer than %d"
            .formatted(DEEPEST, MOST_ENTRIES, LONGEST_NAME));
  }

  private void child(String path, Object child, int depth) {
    if (child instanceof Opaque module && isModule(module)) {
      add(path + ".", module, depth + 1);
    } else if (!(child instanceof None)) {
      throw new BadInputException(
          "is a whole pickled module, whose part "
              + Shown.quoted(path)
              + " cannot be told from the pickle; save its state_dict() instead");
    }
  }

  private void addTensors(String prefix, @Nullable Object named, List<Object> except) {
    if (!(named instanceof Dictionary dictionary)) {
      return;
    }
    for (Map.Entry<Object, Object> entry : dictionary.entries().entrySet()) {
      String path = path(prefix, entry.getKey());
      visited += except.size();
      if (!(entry.getValue() instanceof None) && !except.contains(entry.getKey())) {
        tensors.put(path, entry.getValue());
      }
    }
  }

  private void scripted(String path, Object value, int depth) {
    if (TensorSearch.isTensor(value)) {
      tensors.put(path, value);
    } else if (value instanceof Opaque part) {
      if (!isModule(part)) {
        throw new BadInputException(
            "is a TorchScript program whose weights are packed in "
                + Shown.quoted(part.name())
                + ", so that they cannot be told from the pickle; save the state_dict() of the"
                + " module that it was made from");
      }
      add(path + ".", part, depth + 1);
    }
  }
}
