package io.github.vit4j.examples.sweep;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.MalformedJsonException;
import io.github.vit4j.error.BadInputException;
import java.io.EOFException;
import java.io.IOException;
import java.io.StringReader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSON as its standard has it, and refuses objects that name a key twice. */
final class StrictJson {

  private static final int DEEPEST = 20;
  private static final Pattern PLACE = Pattern.compile("line \\d+ column \\d+");

  private StrictJson() {}

  /**
   * {@return the value of a text}
   *
   * @param text to read
   * @param where it comes from, for messages
   */
  static JsonElement read(String text, String where) {
    try (JsonReader in = new JsonReader(new StringReader(text))) {
      in.setStrictness(Strictness.STRICT);
      JsonElement value = value(in, where, 0);
      if (in.peek() != JsonToken.END_DOCUMENT) {
        throw new BadInputException(where + " goes on after its end; keep one JSON object");
      }
      return value;
    } catch (EOFException | MalformedJsonException e) {
      Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
      throw new BadInputException(
          "%s is not JSON%s; mind quotes, commas and brackets there"
              .formatted(where, place.find() ? " at " + place.group() : ""),
          e);
    } catch (IOException | IllegalStateException e) {
      throw new BadInputException(where + " is not JSON: " + e.getMessage(), e);
    }
  }

  private static JsonElement value(JsonReader in, String where, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw new BadInputException(where + " nests its values too deeply; use at most " + DEEPEST);
    }
    switch (in.peek()) {
      case BEGIN_OBJECT -> {
        return object(in, where, depth);
      }
      case BEGIN_ARRAY -> {
        JsonArray array = new JsonArray();
        in.beginArray();
        while (in.hasNext()) {
          array.add(value(in, where, depth + 1));
        }
        in.endArray();
        return array;
      }
      case NULL -> {
        in.nextNull();
        return JsonNull.INSTANCE;
      }
      case BOOLEAN -> {
        return new JsonPrimitive(in.nextBoolean());
      }
      case NUMBER -> {
        return number(in.nextString(), where);
      }
      default -> {
        return new JsonPrimitive(in.nextString());
      }
    }
  }

  private static JsonElement object(JsonReader in, String where, int depth) throws IOException {
    JsonObject object = new JsonObject();
    in.beginObject();
    while (in.hasNext()) {
      String key = in.nextName();
      if (object.has(key)) {
        throw new BadInputException(
            "%s has the key '%s' twice in one object; keep one".formatted(where, key));
      }
      object.add(key, value(in, where, depth + 1));
    }
    in.endObject();
    return object;
  }

  private static JsonElement number(String text, String where) {
    double value = Double.parseDouble(text);
    if (!Double.isFinite(value)) {
      throw new BadInputException(
          "%s has the number %s, which is too large".formatted(where, text));
    }
    return new JsonPrimitive(value);
  }
}
