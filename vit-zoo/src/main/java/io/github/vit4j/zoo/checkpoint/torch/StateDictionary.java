package io.github.vit4j.zoo.checkpoint.torch;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.zoo.checkpoint.pickle.Dictionary;
import io.github.vit4j.zoo.checkpoint.pickle.None;
import io.github.vit4j.zoo.checkpoint.pickle.Opaque;
import io.github.vit4j.zoo.checkpoint.pickle.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The dictionary of tensors, among all that people save beside it.
 *
 * @param path keys that lead to it, with slashes between; empty if it is the whole file
 * @param tensors by name, in order
 * @param notes texts and numbers that stand beside it or in it, such as {@code epoch}
 */
public record StateDictionary(
    String path, Map<String, StridedTensor> tensors, Map<String, String> notes) {

  private static final int MOST_NOTES = 256;
  private static final int LONGEST_NOTE = 1 << 16;
  private static final int MOST_NAMED = 8;

  /** What transformer_engine and others put among the tensors; no model here needs it. */
  private static final String EXTRA = "_extra_state";

  /**
   * Finds the dictionary that is probably meant: at each level the first of the usual keys that
   * leads to tensors, else that level's own tensors, else the only key that leads to some.
   *
   * @param root the object of the file
   * @return the dictionary
   * @throws BadInputException if there is none, or several that are equally likely, or what stands
   *     in it where a tensor must be is none
   */
  public static StateDictionary preferred(Object root) {
    return read(root, new TensorSearch(root).preferred());
  }

  /**
   * Takes the dictionary under a key.
   *
   * @param root the object of the file
   * @param path the key, or several with slashes between
   * @return the dictionary there
   * @throws BadInputException if there is none
   */
  public static StateDictionary at(Object root, String path) {
    return read(root, new TensorSearch(root).at(path));
  }

  /**
   * Lists what could be selected.
   *
   * @param root the object of the file
   * @return the keys, or keys with slashes between, under which there are tensors; at most 16
   */
  public static List<String> paths(Object root) {
    return new TensorSearch(root).paths();
  }

  private static StateDictionary read(Object root, List<String> keys) {
    Map<String, String> notes = new LinkedHashMap<>();
    Object value = root;
    for (String key : keys) {
      Map<Object, Object> here = ((Dictionary) value).entries();
      note(here, notes);
      value = here.getOrDefault(key, None.NONE);
    }
    Map<?, Object> named;
    if (ModuleTensors.isModule(value)) {
      named = ModuleTensors.of(value);
    } else if (value instanceof Dictionary dictionary) {
      note(dictionary.entries(), notes);
      named = dictionary.entries();
    } else {
      throw new BadInputException(whatElse(value));
    }
    String path = String.join("/", keys);
    Map<String, StridedTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<?, Object> entry : named.entrySet()) {
      if (TensorSearch.isTensor(entry.getValue())) {
        add(String.valueOf(entry.getKey()), entry.getValue(), tensors);
      }
    }
    if (tensors.isEmpty()) {
      throw new BadInputException(
          "holds no tensors"
              + (keys.isEmpty() ? "" : " under " + Shown.quoted(path))
              + placeholders(named)
              + "; save a state_dict()");
    }
    refusePlaceholders(named);
    return new StateDictionary(path, tensors, notes);
  }

  private static void add(String name, Object found, Map<String, StridedTensor> tensors) {
    if (found instanceof StridedTensor tensor) {
      if (tensors.put(name, tensor) != null) {
        throw new BadInputException("has two tensors of the name " + Shown.quoted(name));
      }
    } else if (found instanceof Refused refused) {
      throw new BadInputException("tensor " + Shown.quoted(name) + " " + refused.why());
    }
  }

  private static void refusePlaceholders(Map<?, Object> named) {
    for (Map.Entry<?, Object> entry : named.entrySet()) {
      if (entry.getValue() instanceof Opaque opaque
          && !String.valueOf(entry.getKey()).endsWith(EXTRA)) {
        throw new BadInputException(
            "entry "
                + Shown.quoted(String.valueOf(entry.getKey()))
                + " among the tensors would have to be made by "
                + Shown.quoted(opaque.name())
                + ", which is never built or called here; save plain tensors");
      }
    }
  }

  private static String whatElse(Object value) {
    if (value instanceof Opaque opaque) {
      return "is an object of "
          + Shown.quoted(opaque.name())
          + ", which is never built or called here; save its state_dict() instead";
    }
    if (value instanceof Sequence) {
      return "is a list, not a dictionary of tensors; save a state_dict()";
    }
    return TensorSearch.isTensor(value)
        ? "is a single tensor without a name; save a dictionary of tensors"
        : "is a single value, not a dictionary of tensors; save a state_dict()";
  }

  /** The objects that were left out, since one of them may be what the caller looks for. */
  private static String placeholders(Map<?, Object> named) {
    List<String> names = new ArrayList<>();
    for (Map.Entry<?, Object> entry : named.entrySet()) {
      if (entry.getValue() instanceof Opaque opaque && names.size() < MOST_NAMED) {
        String key = Shown.quoted(String.valueOf(entry.getKey()));
        names.add(key + " is " + Shown.quoted(opaque.name()));
      }
    }
    return names.isEmpty() ? "" : ", but objects that are never built here: " + names;
  }

  private static void note(Map<Object, Object> entries, Map<String, String> notes) {
    for (Map.Entry<Object, Object> entry : entries.entrySet()) {
      Object value = entry.getValue();
      boolean plain =
          value instanceof String || value instanceof Number || value instanceof Boolean;
      if (plain && entry.getKey() instanceof String key && notes.size() < MOST_NOTES) {
        String text = value.toString();
        boolean fits = text.length() <= LONGEST_NOTE && key.length() <= LONGEST_NOTE;
        if (fits && Shown.isWellFormed(text) && Shown.isWellFormed(key)) {
          notes.put(key, text);
        }
      }
    }
  }
}
