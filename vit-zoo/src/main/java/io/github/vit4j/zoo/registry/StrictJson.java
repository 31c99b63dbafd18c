package io.github.vit4j.zoo.registry;

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
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads JSON by the letter of its standard, and refuses a key that comes twice. */
final class StrictJson {

  private static final int DEEPEST = 16;
  private static final Pattern PLACE = Pattern.compile("at line \\d+ column \\d+ path \\S+");

  private final JsonReader reader;

  private StrictJson(JsonReader reader) {
    this.reader = reader;
  }

  static JsonElement parse(String json, String where) {
    JsonReader reader = new JsonReader(new StringReader(json));
    reader.setStrictness(Strictness.STRICT);
    reader.setNestingLimit(DEEPEST);
    try {
      JsonElement tree = new StrictJson(reader).element();
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new MalformedJsonException("there is more after the end at " + reader.getPath());
      }
      return tree;
    } catch (EOFException e) {
      throw new BadInputException(where + " is not JSON: it ends too early", e);
    } catch (IOException | IllegalStateException e) {
      throw new BadInputException(where + " is not JSON" + place(e), e);
    } catch (BadInputException e) {
      throw new BadInputException(where + ": " + e.getMessage(), e);
    }
  }

  /** Gson's message without its advice to accept malformed JSON. */
  private static String place(Exception e) {
    Matcher place = PLACE.matcher(String.valueOf(e.getMessage()));
    return place.find() ? " " + place.group() : "";
  }

  private JsonElement element() throws IOException {
    return switch (reader.peek()) {
      case BEGIN_OBJECT -> object();
      case BEGIN_ARRAY -> array();
      case STRING -> new JsonPrimitive(reader.nextString());
      case NUMBER -> number();
      case BOOLEAN -> new JsonPrimitive(reader.nextBoolean());
      case NULL -> {
        reader.nextNull();
        yield JsonNull.INSTANCE;
      }
      default -> throw new MalformedJsonException("a value is missing at " + reader.getPath());
    };
  }

  /** Digits are kept as they are written, since a figure of 22.0 says less than one of 22.05. */
  private JsonElement number() throws IOException {
    String text = reader.nextString();
    try {
      if (text.length() <= 40) {
        return new JsonPrimitive(new BigDecimal(text));
      }
    } catch (NumberFormatException e) {
      throw new BadInputException("'%s' is no number".formatted(text), e);
    }
    throw new BadInputException("a number has %d digits".formatted(text.length()));
  }

  private JsonElement object() throws IOException {
    JsonObject object = new JsonObject();
    reader.beginObject();
    while (reader.hasNext()) {
      String key = reader.nextName();
      if (object.has(key)) {
        throw new BadInputException(
            "the key '%s' comes twice at %s; drop one".formatted(key, reader.getPath()));
      }
      object.add(key, element());
    }
    reader.endObject();
    return object;
  }

  private JsonElement array() throws IOException {
    JsonArray array = new JsonArray();
    reader.beginArray();
    while (reader.hasNext()) {
      array.add(element());
    }
    reader.endArray();
    return array;
  }
}
