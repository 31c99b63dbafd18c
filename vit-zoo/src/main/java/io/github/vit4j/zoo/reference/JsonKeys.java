package io.github.vit4j.zoo.reference;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.vit4j.error.BadInputException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A JSON object read key by key, which knows in the end which keys nobody asked for. */
final class JsonKeys {

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

  /** {@return the value, or null if it is absent or null} */
  private @Nullable JsonElement find(String key) {
    asked.add(key);
    JsonElement value = tree.get(key);
    return value == null || value.isJsonNull() ? null : value;
  }

  boolean has(String key) {
    return find(key) != null;
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
    if (!value.isJsonArray()) {
      int side = integer(key, value);
      return new int[] {side, side};
    }
    if (value.getAsJsonArray().size() != 2) {
      throw refused(key, value, "one side, or height and width");
    }
    return new int[] {
      integer(key, value.getAsJsonArray().get(0)), integer(key, value.getAsJsonArray().get(1))
    };
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
    if (!value.isJsonArray() || value.getAsJsonArray().size() != count) {
      throw refused(key, value, "a list of " + count + " numbers");
    }
    List<Double> numbers = new ArrayList<>();
    for (JsonElement element : value.getAsJsonArray()) {
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
    return new BadInputException("%s: '%s' is %s; %s".formatted(where, key, value, remedy));
  }

  private BadInputException refused(String key, JsonElement value, String needed) {
    String text = value.toString();
    String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
    return refused(key, shown.replaceAll("[^\\x20-\\x7e]", "?"), "it must be " + needed);
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
      String shown = unknown.subList(0, Math.min(8, unknown.size())).toString();
      throw new BadInputException(
          "%s has keys that are not understood and may change the architecture: %s; known are %s"
              .formatted(
                  where,
                  shown.replaceAll("[^\\x20-\\x7e]", "?"),
                  asked.stream().sorted().toList()));
    }
  }
}
