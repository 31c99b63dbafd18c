package io.github.vit4j.config;

import static io.github.vit4j.config.Check.require;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON form of a configuration: strict, so that a typing error is not a silent default. */
final class ConfigJson {

  private static final Gson GSON =
      new GsonBuilder()
          .setPrettyPrinting()
          .disableHtmlEscaping()
          .setStrictness(Strictness.STRICT)
          .create();

  /** The one component that may be null, which its JSON may also leave out. */
  private static final String NULLABLE = "layerScale";

  /** Components that files written before they existed lack, and what those files mean. */
  private static final Map<String, JsonElement> YOUNGER =
      Map.of(
          "distillationHead", new JsonPrimitive(true),
          "positionResampling", GSON.toJsonTree(PositionResampling.BICUBIC_ANTIALIASED),
          "headBias", new JsonPrimitive(true));

  private static final int LONGEST_QUOTE = 80;
  private static final int LONGEST_REASON = 500;

  private ConfigJson() {}

  static String write(ViTConfig config) {
    return GSON.toJson(config);
  }

  static ViTConfig read(String json) {
    JsonElement tree;
    try {
      tree = GSON.fromJson(json, JsonElement.class);
    } catch (JsonParseException e) {
      throw new BadInputException("the configuration is not JSON: " + said(e), e);
    }
    require(
        tree != null && tree.isJsonObject(),
        "the configuration must be a JSON object, but is %s",
        quote(tree));
    return read(tree.getAsJsonObject());
  }

  static ViTConfig with(ViTConfig config, Object... keysAndValues) {
    JsonObject tree = GSON.toJsonTree(config).getAsJsonObject();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      tree.add((String) keysAndValues[i], GSON.toJsonTree(keysAndValues[i + 1]));
    }
    return read(tree);
  }

  private static ViTConfig read(JsonObject given) {
    JsonObject tree = given.deepCopy();
    YOUNGER.forEach((key, value) -> tree.asMap().putIfAbsent(key, value));
    checkRecord(ViTConfig.class, tree, "");
    try {
      return GSON.fromJson(tree, ViTConfig.class);
    } catch (BadInputException e) {
      throw e;
    } catch (RuntimeException e) {
      throw unwrapped(e);
    }
  }

  /**
   * Gson alone reads an unknown enum name as null, "yes" as false, 12.5 as 12, and skips keys that
   * it does not know.
   */
  private static void checkRecord(Class<?> type, JsonObject tree, String within) {
    RecordComponent[] components = type.getRecordComponents();
    List<String> keys = Arrays.stream(components).map(RecordComponent::getName).toList();
    for (String key : tree.keySet()) {
      require(
          keys.contains(key),
          "the configuration has an unknown key '%s%s'; known are %s",
          within,
          quote(key),
          keys);
    }
    for (RecordComponent component : components) {
      String key = component.getName();
      JsonElement value = tree.get(key);
      if (value == null || value.isJsonNull()) {
        require(
            key.equals(NULLABLE),
            "the configuration lacks the key '%s%s'; a complete one has %s",
            within,
            key,
            keys);
      } else {
        checkValue(component.getType(), value, within + key);
      }
    }
  }

  private static void checkValue(Class<?> type, JsonElement value, String key) {
    if (type.isEnum()) {
      Object[] known = type.getEnumConstants();
      boolean fits = Arrays.stream(known).map(GSON::toJsonTree).anyMatch(value::equals);
      mustBe(fits, "one of " + Arrays.stream(known).map(GSON::toJson).toList(), value, key);
    } else if (type.isRecord()) {
      mustBe(value.isJsonObject(), "an object", value, key);
      checkRecord(type, value.getAsJsonObject(), key + ".");
    } else if (type == List.class) {
      boolean fits =
          value.isJsonArray()
              && value.getAsJsonArray().asList().stream().allMatch(ConfigJson::isWhole);
      mustBe(fits, "a list of whole numbers", value, key);
    } else if (type == int.class) {
      mustBe(isWhole(value), "a whole number of at most 2147483647", value, key);
    } else if (type == boolean.class) {
      boolean fits = value.isJsonPrimitive() && value.getAsJsonPrimitive().isBoolean();
      mustBe(fits, "true or false", value, key);
    } else {
      mustBe(isNumber(value) && Double.isFinite(value.getAsDouble()), "a number", value, key);
    }
  }

  private static void mustBe(boolean fits, String what, JsonElement value, String key) {
    require(fits, "the configuration's '%s' must be %s, but is %s", key, what, quote(value));
  }

  private static boolean isNumber(JsonElement value) {
    return value.isJsonPrimitive() && value.getAsJsonPrimitive().isNumber();
  }

  private static boolean isWhole(JsonElement value) {
    if (!isNumber(value)) {
      return false;
    }
    try {
      BigDecimal number = value.getAsBigDecimal();
      return number.compareTo(BigDecimal.valueOf(number.intValueExact())) == 0;
    } catch (ArithmeticException | NumberFormatException e) {
      return false;
    }
  }

  private static String quote(@Nullable Object part) {
    return Shown.text(String.valueOf(part), LONGEST_QUOTE);
  }

  /** Gson calls the record's constructor by reflection, so our own refusals arrive wrapped. */
  private static BadInputException unwrapped(RuntimeException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadInputException bad) {
        return bad;
      }
    }
    return new BadInputException("the configuration cannot be read: " + said(e), e);
  }

  /** Gson quotes the text and names the place by its keys, both as they stand. */
  private static String said(RuntimeException e) {
    return Shown.text(String.valueOf(e.getMessage()), LONGEST_REASON);
  }
}
