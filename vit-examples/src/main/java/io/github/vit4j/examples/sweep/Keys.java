package io.github.vit4j.examples.sweep;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.vit4j.error.BadInputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The keys of one JSON object, each of a type and a range. */
final class Keys {

  private static final int LONGEST_QUOTE = 60;
  private static final double LARGEST_WHOLE = 1L << 53;

  private final JsonObject object;
  private final String where;

  /**
   * Refuses keys that it does not know.
   *
   * @param value an object
   * @param where it stands, for messages
   * @param known all keys that it may have
   */
  Keys(JsonElement value, String where, List<String> known) {
    if (!value.isJsonObject()) {
      throw wrong(where, "must be an object with the keys " + known, value);
    }
    this.object = value.getAsJsonObject();
    this.where = where;
    for (String key : object.keySet()) {
      if (!known.contains(key)) {
        throw new BadInputException(
            "%s has an unknown key '%s'; known are %s".formatted(where, cut(key), known));
      }
    }
  }

  boolean has(String key) {
    return object.has(key);
  }

  String text(String key) {
    JsonElement value = value(key);
    if (!value.isJsonPrimitive()
        || !value.getAsJsonPrimitive().isString()
        || value.getAsString().isBlank()) {
      throw wrong(named(key), "must be a text that is not blank", value);
    }
    return value.getAsString();
  }

  double number(String key, double least, double most) {
    return number(value(key), named(key), least, most);
  }

  int whole(String key, int least, int most) {
    return (int) whole(value(key), named(key), least, most);
  }

  long whole(String key) {
    return whole(value(key), named(key), -LARGEST_WHOLE, LARGEST_WHOLE);
  }

  JsonElement element(String key) {
    return value(key);
  }

  List<Double> numbers(String key, double least, double most) {
    List<Double> numbers = new ArrayList<>();
    for (JsonElement value : list(key)) {
      numbers.add(number(value, named(key), least, most));
    }
    return distinct(key, numbers);
  }

  List<Integer> wholes(String key, int least, int most) {
    List<Integer> numbers = new ArrayList<>();
    for (JsonElement value : list(key)) {
      numbers.add((int) whole(value, named(key), least, most));
    }
    return distinct(key, numbers);
  }

  /** {@return the values of a list, which must have some} */
  List<JsonElement> list(String key) {
    JsonElement value = value(key);
    if (!value.isJsonArray() || value.getAsJsonArray().isEmpty()) {
      throw wrong(named(key), "must be a list with at least one value", value);
    }
    return value.getAsJsonArray().asList();
  }

  private <T> List<T> distinct(String key, List<T> values) {
    Set<T> seen = new HashSet<>();
    for (T value : values) {
      if (!seen.add(value)) {
        throw new BadInputException(
            "%s names %s twice; keep one of them".formatted(named(key), value));
      }
    }
    return List.copyOf(values);
  }

  private JsonElement value(String key) {
    JsonElement value = object.get(key);
    if (value == null) {
      throw new BadInputException("%s lacks the key '%s'; add it".formatted(where, key));
    }
    return value;
  }

  private String named(String key) {
    return "%s: '%s'".formatted(where, key);
  }

  private static double number(JsonElement value, String what, double least, double most) {
    boolean number = value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    if (!number || !(value.getAsDouble() >= least && value.getAsDouble() <= most)) {
      throw wrong(
          what,
          "must be a number from %s to %s".formatted(Names.plain(least), Names.plain(most)),
          value);
    }
    return value.getAsDouble();
  }

  private static long whole(JsonElement value, String what, double least, double most) {
    boolean number = value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
    double found = number ? value.getAsDouble() : Double.NaN;
    if (!(found >= least && found <= most && found == Math.rint(found))) {
      throw wrong(
          what,
          "must be a whole number from %s to %s".formatted(Names.plain(least), Names.plain(most)),
          value);
    }
    return (long) found;
  }

  private static BadInputException wrong(String what, String rule, JsonElement value) {
    return new BadInputException(
        "%s %s, but it is %s".formatted(what, rule, cut(value.toString())));
  }

  private static String cut(String text) {
    return text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "..." : text;
  }
}
