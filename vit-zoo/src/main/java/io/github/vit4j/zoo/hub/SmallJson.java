package io.github.vit4j.zoo.hub;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Notes to ourselves, read as if somebody else had written them. */
final class SmallJson {

  private static final int LONGEST = 1 << 14;

  private SmallJson() {}

  /** The object in a file, or null if there is none that could be ours. */
  static @Nullable JsonObject read(Path file) {
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(LONGEST);
      String text = new String(bytes, StandardCharsets.UTF_8);
      return JsonParser.parseString(text) instanceof JsonObject object ? object : null;
    } catch (IOException | JsonParseException e) {
      return null;
    }
  }

  static String text(JsonObject object, String name) {
    return object.get(name) instanceof JsonPrimitive value && value.isString()
        ? value.getAsString()
        : "";
  }

  static long number(JsonObject object, String name) {
    try {
      return object.get(name) instanceof JsonPrimitive value && value.isNumber()
          ? value.getAsLong()
          : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
