package io.github.vit4j.zoo.checkpoint;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The JSON beside a model in several files, as the transformers library writes it: {@code
 * weight_map} from tensors to file names, and {@code metadata}.
 *
 * @param shards the file name of each tensor
 * @param metadata plain values; others are left out
 */
record ShardIndex(Map<String, String> shards, Map<String, String> metadata) {

  /** The largest published models take about 10 MB. */
  private static final long LONGEST = 1 << 26;

  private static final int DEEPEST = 64;

  /**
   * @throws BadInputException without the file's name, which the caller knows
   */
  static ShardIndex read(Path file) throws IOException {
    if (Files.size(file) > LONGEST) {
      throw new BadInputException("has " + Files.size(file) + " bytes, too many for an index");
    }
    try (InputStream in = Files.newInputStream(file);
        Reader text = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder());
        JsonReader json = new JsonReader(text)) {
      json.setStrictness(Strictness.STRICT);
      json.setNestingLimit(DEEPEST);
      return read(json);
    } catch (IllegalStateException | IOException | NumberFormatException e) {
      // Gson's message quotes the file, and goes on with advice for programmers
      String what = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new BadInputException(
          "is JSON, not a checkpoint, and not the index of one either: " + Shown.quoted(what), e);
    }
  }

  private static ShardIndex read(JsonReader json) throws IOException {
    Map<String, String> shards = new LinkedHashMap<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    Set<String> keys = new HashSet<>();
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      if (!keys.add(key)) {
        throw new BadInputException("has the key " + Shown.quoted(key) + " twice");
      }
      switch (key) {
        case "weight_map" -> readShards(json, shards);
        case "metadata" -> readMetadata(json, metadata);
        default -> json.skipValue();
      }
    }
    json.endObject();
    if (json.peek() != JsonToken.END_DOCUMENT) {
      throw new BadInputException("has something behind its end");
    }
    if (!keys.contains("weight_map")) {
      throw new BadInputException("is JSON, not a checkpoint; name the safetensors file beside it");
    }
    return new ShardIndex(shards, metadata);
  }

  private static void readShards(JsonReader json, Map<String, String> shards) throws IOException {
    json.beginObject();
    while (json.hasNext()) {
      String tensor = json.nextName();
      String shard = json.nextString();
      if (shards.put(tensor, shard) != null) {
        throw new BadInputException("lists the tensor " + Shown.quoted(tensor) + " twice");
      }
      if (shards.size() > SafeTensorsHeader.MOST_TENSORS) {
        throw new BadInputException(
            "lists more than " + SafeTensorsHeader.MOST_TENSORS + " tensors");
      }
    }
    json.endObject();
  }

  private static void readMetadata(JsonReader json, Map<String, String> metadata)
      throws IOException {
    if (json.peek() != JsonToken.BEGIN_OBJECT) {
      json.skipValue();
      return;
    }
    Set<String> keys = new HashSet<>();
    json.beginObject();
    while (json.hasNext()) {
      String key = json.nextName();
      if (!keys.add(key)) {
        throw new BadInputException("has the key " + Shown.quoted(key) + " twice");
      }
      switch (json.peek()) {
        case STRING, NUMBER -> metadata.put(key, json.nextString());
        case BOOLEAN -> metadata.put(key, String.valueOf(json.nextBoolean()));
        default -> json.skipValue();
      }
    }
    json.endObject();
  }
}
