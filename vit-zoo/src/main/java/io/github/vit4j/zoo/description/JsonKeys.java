package io.github.vit4j.zoo.description;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A JSON object read key by key, which knows in the end which keys nobody asked for. */
final class JsonKeys {

  private static final int LONGEST_SHOWN = 60;

  private final JsonObject tree;
  private final String where;
  private final Set<String> asked = new HashSet<>();

  /**
   * @param where the file, for messages
   */
  JsonKeys(JsonObject tree, String where) {
    this.tree = tree;
    this.where = where;
  }

  /** {@return an object without keys, for a file that is not there} */
  static JsonKeys none() {
    return new JsonKeys(new JsonObject(), "");
  }

  String where() {
    return where;
  }

  /** Whether a message says already where the trouble is. */
  boolean isNamedIn(String message) {
    return message.contains(where);
  }

  boolean isEmpty() {
    return tree.isEmpty();
  }

  /** {@return the keys that are there, for messages} */
  String names() {
    return shown(tree.keySet().toString());
  }

  /** {@return the value, or null if it is absent or null} */
  private @Nullable JsonElement find(String key) {
    asked.add(key);
    JsonElement value = tree.get(key);
    return value == null || value.isJsonNull() ? null : value;
  }

  boolean has(String key) {
    return find(key) != null;
  }

  boolean isObject(String key) {
    return find(key) instanceof JsonObject;
  }

  /** {@return the object under a key; one without keys where it is absent} */
  JsonKeys object(String key) {
    JsonElement value = find(key);
    if (value == null) {
      return new JsonKeys(new JsonObject(), where);
    }
    if (value instanceof JsonObject object) {
      return new JsonKeys(object, where + ", " + key);
    }
    throw refused(key, value, "an object");
  }

  /** {@return these keys, with those of another object in their place where it has them} */
  JsonKeys overlaid(JsonKeys other) {
    JsonObject both = tree.deepCopy();
    other.tree.asMap().forEach(both::add);
    return new JsonKeys(both, where);
  }

  int integer(String key) {
    return integer(key, require(key));
  }

  int integer(String key, int otherwise) {
    JsonElement value = find(key);
    return value == null ? otherwise : integer(key, value);
  }

  private int integer(String key, JsonElement value) {
    double number = number(key, value);
    if (number != Math.rint(number) || Math.abs(number) > Integer.MAX_VALUE) {
      throw refused(key, value, "a whole number");
    }
    return (int) number;
  }

  /** {@return the two sides of a size: an integer for a square, or height and width} */
  int[] sides(String key) {
    JsonElement value = require(key);
    if (!(value instanceof JsonArray list)) {
      int side = integer(key, value);
      return new int[] {side, side};
    }
    if (list.size() != 2) {
      throw refused(key, value, "one side, or height and width");
    }
    return new int[] {integer(key, list.get(0)), integer(key, list.get(1))};
  }

  int[] sides(String key, int otherwise) {
    return sides(key, otherwise, otherwise);
  }

  int[] sides(String key, int height, int width) {
    return has(key) ? sides(key) : new int[] {height, width};
  }

  /** {@return channels, height and width of the input; those of a model where the key is absent} */
  int[] input(String key, ViTConfig otherwise) {
    List<Double> usual =
        List.of(
            (double) otherwise.channels(),
            (double) otherwise.imageHeight(),
            (double) otherwise.imageWidth());
    return numbers(key, 3, usual).stream().mapToInt(Double::intValue).toArray();
  }

  double number(String key, double otherwise) {
    JsonElement value = find(key);
    return value == null ? otherwise : number(key, value);
  }

  private double number(String key, JsonElement value) {
    if (value instanceof JsonPrimitive p && p.isNumber()) {
      try {
        double number = p.getAsDouble();
        if (Double.isFinite(number)) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw refused(key, value, "a number");
      }
    }
    throw refused(key, value, "a number");
  }

  /** {@return so many numbers in a list, or the others where the key is absent} */
  List<Double> numbers(String key, int count, List<Double> otherwise) {
    JsonElement value = find(key);
    if (value == null) {
      return otherwise;
    }
    if (!(value instanceof JsonArray list) || list.size() != count) {
      throw refused(key, value, "a list of " + count + " numbers");
    }
    List<Double> numbers = new ArrayList<>();
    for (JsonElement element : list) {
      numbers.add(number(key, element));
    }
    return numbers;
  }

  /** {@return the whole numbers in a list, or the others where the key is absent} */
  List<Integer> integers(String key, List<Integer> otherwise) {
    JsonElement value = find(key);
    if (value == null) {
      return otherwise;
    }
    if (!value.isJsonArray()) {
      throw refused(key, value, "a list of whole numbers");
    }
    List<Integer> integers = new ArrayList<>();
    for (JsonElement element : value.getAsJsonArray()) {
      integers.add(integer(key, element));
    }
    return integers;
  }

  boolean flag(String key, boolean otherwise) {
    JsonElement value = find(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof JsonPrimitive p && p.isBoolean()) {
      return p.getAsBoolean();
    }
    throw refused(key, value, "true or false");
  }

  Optional<String> text(String key) {
    JsonElement value = find(key);
    return value == null ? Optional.empty() : Optional.of(text(key, value));
  }

  private String text(String key, JsonElement value) {
    if (value instanceof JsonPrimitive p && p.isString()) {
      return p.getAsString();
    }
    throw refused(key, value, "text");
  }

  /** {@return the first text in a list, if the list is there and not empty} */
  Optional<String> firstText(String key) {
    JsonElement value = find(key);
    if (value == null) {
      return Optional.empty();
    }
    if (!(value instanceof JsonArray list)) {
      throw refused(key, value, "a list");
    }
    return list.isEmpty() ? Optional.empty() : Optional.of(text(key, list.get(0)));
  }

  /**
   * {@return texts in the order of their numbers: a list, or an object whose keys count from 0;
   * none where the key is absent}
   */
  List<String> labels(String key) {
    JsonElement value = find(key);
    List<String> labels = new ArrayList<>();
    if (value instanceof JsonArray list) {
      list.forEach(element -> labels.add(text(key, element)));
    } else if (value instanceof JsonObject object) {
      for (int i = 0; i < object.size(); i++) {
        JsonElement label = object.get(Integer.toString(i));
        if (label == null) {
          throw wrong(
              "'%s' has %d entries, but none for class %d; number the classes from 0"
                  .formatted(key, object.size(), i));
        }
        labels.add(text(key, label));
      }
    } else if (value != null) {
      throw refused(key, value, "an object whose keys count from 0");
    }
    return labels;
  }

  /** {@return what a word stands for} */
  <T> T word(String key, Map<String, T> meanings, T otherwise) {
    JsonElement value = find(key);
    return value == null ? otherwise : meaning(key, value, meanings);
  }

  <T> T word(String key, Map<String, T> meanings) {
    return meaning(key, require(key), meanings);
  }

  private <T> T meaning(String key, JsonElement value, Map<String, T> meanings) {
    if (value instanceof JsonPrimitive p && p.isString()) {
      T meaning = meanings.get(p.getAsString());
      if (meaning != null) {
        return meaning;
      }
    }
    throw refused(key, value, "one of " + new TreeMap<>(meanings).keySet());
  }

  BadInputException refused(String key, String value, String remedy) {
    return wrong("'%s' is %s; %s".formatted(key, value, remedy));
  }

  private BadInputException refused(String key, JsonElement value, String needed) {
    return refused(key, shown(value.toString()), "it must be " + needed);
  }

  /** {@return a refusal that says where the trouble is} */
  BadInputException wrong(String message) {
    return new BadInputException(where + ": " + message);
  }

  /** Text from a file, fit for one line of a message. */
  static String shown(String text) {
    return Shown.text(text, LONGEST_SHOWN);
  }

  private JsonElement require(String key) {
    JsonElement value = find(key);
    if (value == null) {
      throw new BadInputException("%s lacks the key '%s'".formatted(where, key));
    }
    return value;
  }

  /**
   * @param harmless keys that say nothing about the architecture
   * @throws BadInputException that names the keys which were neither asked for nor harmless
   */
  void refuseOthers(Collection<String> harmless) {
    List<String> unknown = new ArrayList<>(tree.keySet());
    unknown.removeAll(asked);
    unknown.removeAll(harmless);
    if (!unknown.isEmpty()) {
      List<String> some = unknown.stream().limit(8).map(JsonKeys::shown).toList();
      throw new BadInputException(
          "%s has keys that are not understood and may change the architecture: %s; known are %s"
              .formatted(where, some, asked.stream().sorted().toList()));
    }
  }
}
