package io.github.vit4j.config;

import static io.github.vit4j.config.Check.require;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.vit4j.error.BadInputException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;

/** The JSON form of a configuration: strict, so that a typing error is not a silent default. */
final class ConfigJson {

  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
  private static final List<String> KEYS =
      Arrays.stream(ViTConfig.class.getRecordComponents()).map(RecordComponent::getName).toList();

  private ConfigJson() {}

  static String write(ViTConfig config) {
    return GSON.toJson(config);
  }

  static ViTConfig read(String json) {
    JsonElement tree;
    try {
      tree = JsonParser.parseString(json);
    } catch (JsonParseException e) {
      throw new BadInputException("the configuration is not JSON: " + e.getMessage(), e);
    }
    require(tree.isJsonObject(), "the configuration must be a JSON object, but is %s", tree);
    return read(tree.getAsJsonObject());
  }

  static ViTConfig with(ViTConfig config, Object... keysAndValues) {
    JsonObject tree = GSON.toJsonTree(config).getAsJsonObject();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      tree.add((String) keysAndValues[i], GSON.toJsonTree(keysAndValues[i + 1]));
    }
    return read(tree);
  }

  private static ViTConfig read(JsonObject tree) {
    for (String key : tree.keySet()) {
      require(
          KEYS.contains(key), "the configuration has an unknown key '%s'; known are %s", key, KEYS);
    }
    for (String key : KEYS) {
      boolean given = tree.has(key) && !tree.get(key).isJsonNull();
      require(given || key.equals("layerScale"), "the configuration lacks the key '%s'", key);
    }
    refuseUnknownNames(ViTConfig.class, tree);
    try {
      return GSON.fromJson(tree, ViTConfig.class);
    } catch (BadInputException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unwrapped(e);
    }
  }

  /** Gson reads an unknown enum name as null; a message that lists the known ones serves better. */
  private static void refuseUnknownNames(Class<?> type, JsonObject tree) {
    for (RecordComponent component : type.getRecordComponents()) {
      JsonElement value = tree.get(component.getName());
      if (component.getType().isEnum()) {
        Object[] known = component.getType().getEnumConstants();
        require(
            value != null && Arrays.stream(known).map(GSON::toJsonTree).anyMatch(value::equals),
            "the configuration's '%s' is %s; known are %s",
            component.getName(),
            value,
            GSON.toJson(known));
      } else if (component.getType().isRecord()) {
        require(
            value != null && value.isJsonObject(),
            "the configuration's '%s' must be an object, but is %s",
            component.getName(),
            value);
        refuseUnknownNames(component.getType(), value.getAsJsonObject());
      }
    }
  }

  /** Gson calls the record's constructor by reflection, so our own refusals arrive wrapped. */
  private static BadInputException unwrapped(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadInputException bad) {
        return bad;
      }
    }
    return new BadInputException("the configuration cannot be read: " + e.getMessage(), e);
  }
}
