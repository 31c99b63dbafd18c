package io.github.vit4j.finetune.task;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.model.LowRank;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** What a task's low-rank branches are like, as its metadata says it. */
final class LowRankText {

  private static final String RANK = "rank";
  private static final String SCALE = "scale";
  private static final String LAYERS = "layers";

  private LowRankText() {}

  /** {@return such as {@code {"rank":8,"scale":1.0,"layers":["qkv"]}}} */
  static String of(LowRank.Spec spec) {
    JsonObject json = new JsonObject();
    json.addProperty(RANK, spec.rank());
    json.addProperty(SCALE, spec.scale());
    JsonArray layers = new JsonArray();
    spec.layers().forEach(layer -> layers.add(layer.name().toLowerCase(Locale.ROOT)));
    json.add(LAYERS, layers);
    return json.toString();
  }

  /**
   * @throws BadInputException if the text is not of that kind; whether the numbers fit the model is
   *     the model's to say
   */
  static LowRank.Spec parse(String text, Checkpoint file) {
    try {
      JsonObject json = JsonParser.parseString(text).getAsJsonObject();
      Set<LowRank.Layer> layers = EnumSet.noneOf(LowRank.Layer.class);
      for (JsonElement layer : json.getAsJsonArray(LAYERS)) {
        layers.add(LowRank.Layer.valueOf(layer.getAsString().toUpperCase(Locale.ROOT)));
      }
      return new LowRank.Spec(json.get(RANK).getAsInt(), json.get(SCALE).getAsDouble(), layers);
    } catch (JsonParseException
        | IllegalStateException
        | IllegalArgumentException
        | NullPointerException
        | UnsupportedOperationException
        | ClassCastException e) {
      throw new BadInputException(
          "%s is a broken task file: its low-rank branches are described as %s; write it anew with TaskFile.write"
              .formatted(file.source(), Shown.quoted(text)),
          e);
    }
  }
}
