package io.github.vit4j.zoo.registry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a JSON object, read one by one; whoever reads knows in the end what is left. */
final class Fields {

  private static final int LONGEST_TEXT = 2000;
  private static final int LONGEST_SHOWN = 60;

  private final JsonObject tree;
  private final String where;
  private final Set<String> asked = new HashSet<>();

  /**
   * @param where the place in the file, for messages
   */
  Fields(JsonElement tree, String where) {
    if (!tree.isJsonObject()) {
      throw new BadInputException(where + " must be an object, but is " + shown(tree));
    }
    this.tree = tree.getAsJsonObject();
    this.where = where;
  }

  private @Nullable JsonElement find(String key) {
    asked.add(key);
    JsonElement value = tree.get(key);
    return value == null || value.isJsonNull() ? null : value;
  }

  private JsonElement require(String key) {
    JsonElement value = find(key);
    if (value == null) {
      throw new BadInputException("%s lacks the key '%s'".formatted(where, key));
    }
    return value;
  }

  boolean has(String key) {
    return find(key) != null;
  }

  String text(String key) {
    return text(key, require(key));
  }

  @Nullable String textOrNull(String key) {
    JsonElement value = find(key);
    return value == null ? null : text(key, value);
  }

  private String text(String key, JsonElement value) {
    if (value instanceof JsonPrimitive p && p.isString()) {
      String text = p.getAsString();
      boolean printable = text.codePoints().noneMatch(Character::isISOControl);
      if (!text.isBlank() && text.length() <= LONGEST_TEXT && printable) {
        return text;
      }
    }
    throw refused(key, "a text of one line", value);
  }

  List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (JsonElement element : list(key)) {
      texts.add(text(key, element));
    }
    return texts;
  }

  /** {@return the elements of a list; none where the key is absent} */
  List<JsonElement> list(String key) {
    JsonElement value = find(key);
    if (value == null) {
      return List.of();
    }
    if (!value.isJsonArray()) {
      throw refused(key, "a list", value);
    }
    return value.getAsJsonArray().asList();
  }

  /** {@return an object; an empty one where the key is absent} */
  JsonObject object(String key) {
    JsonElement value = find(key);
    if (value == null) {
      return new JsonObject();
    }
    if (!value.isJsonObject()) {
      throw refused(key, "an object", value);
    }
    return value.getAsJsonObject();
  }

  @Nullable BigDecimal numberOrNull(String key) {
    JsonElement value = find(key);
    return value == null ? null : positive(key, value);
  }

  int whole(String key) {
    return whole(key, require(key));
  }

  @Nullable Integer wholeOrNull(String key) {
    JsonElement value = find(key);
    return value == null ? null : whole(key, value);
  }

  private int whole(String key, JsonElement value) {
    if (value instanceof JsonPrimitive p && p.isNumber()) {
      try {
        int whole = p.getAsBigDecimal().intValueExact();
        if (whole >= 0) {
          return whole;
        }
      } catch (ArithmeticException e) {
        throw refused(key, "a whole number", value);
      }
    }
    throw refused(key, "a whole number", value);
  }

  private BigDecimal positive(String key, JsonElement value) {
    if (value instanceof JsonPrimitive p && p.isNumber()) {
      BigDecimal number = p.getAsBigDecimal();
      if (number.signum() > 0 && Math.abs(number.scale()) <= 10 && number.precision() <= 20) {
        return number;
      }
    }
    throw refused(key, "a number above 0", value);
  }

  private BadInputException refused(String key, String needed, JsonElement value) {
    return new BadInputException(
        "%s: '%s' must be %s, but is %s".formatted(where, key, needed, shown(value)));
  }

  void refuseOthers() {
    for (String key : tree.keySet()) {
      if (!asked.contains(key)) {
        throw new BadInputException(
            "%s has an unknown key '%s'; known are %s"
                .formatted(where, plain(key), asked.stream().sorted().toList()));
      }
    }
  }

  private static String shown(JsonElement value) {
    return plain(value.toString());
  }

  private static String plain(String any) {
    return Shown.text(any, LONGEST_SHOWN);
  }
}
