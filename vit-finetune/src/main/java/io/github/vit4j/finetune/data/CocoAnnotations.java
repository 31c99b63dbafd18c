package io.github.vit4j.finetune.data;

import com.google.gson.JsonParseException;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a COCO-style JSON file says: images by their ids in the file's order, the category of each,
 * and the categories' names. Read as a stream, for such files have hundreds of megabytes.
 *
 * @param images id to file name
 * @param labels image id to category id
 * @param categories id to name, in the order of the ids
 */
record CocoAnnotations(
    Map<Long, String> images, Map<Long, Long> labels, TreeMap<Long, String> categories) {

  static CocoAnnotations read(Path file) {
    CocoAnnotations annotations =
        new CocoAnnotations(new LinkedHashMap<>(), new LinkedHashMap<>(), new TreeMap<>());
    try (Reader text = Files.newBufferedReader(file);
        JsonReader json = new JsonReader(text)) {
      json.beginObject();
      while (json.hasNext()) {
        switch (json.nextName()) {
          case "images" -> annotations.readImages(json);
          case "annotations" -> annotations.readLabels(json);
          case "categories" -> annotations.readCategories(json);
          default -> json.skipValue();
        }
      }
      json.endObject();
    } catch (IOException | IllegalStateException | NumberFormatException | JsonParseException e) {
      throw new BadInputException(
          "%s is no file of COCO-style annotations, or it is broken (%s); download it again"
              .formatted(file, e.getMessage()),
          e);
    }
    annotations.check(file);
    return annotations;
  }

  private void readImages(JsonReader json) throws IOException {
    eachObject(json, "file_name", (id, name) -> images.put(id, name));
  }

  private void readCategories(JsonReader json) throws IOException {
    eachObject(json, "name", (id, name) -> categories.put(id, name));
  }

  private void readLabels(JsonReader json) throws IOException {
    json.beginArray();
    while (json.hasNext()) {
      json.beginObject();
      long image = -1;
      long category = -1;
      while (json.hasNext()) {
        switch (json.nextName()) {
          case "image_id" -> image = json.nextLong();
          case "category_id" -> category = json.nextLong();
          default -> json.skipValue();
        }
      }
      json.endObject();
      Long other = labels.put(image, category);
      if (other != null && other != category) {
        throw new IllegalStateException(
            "image %d is of the categories %d and %d".formatted(image, other, category));
      }
    }
    json.endArray();
  }

  private interface Entry {
    void add(long id, String text);
  }

  private static void eachObject(JsonReader json, String textName, Entry entry) throws IOException {
    json.beginArray();
    while (json.hasNext()) {
      json.beginObject();
      long id = -1;
      String text = "";
      while (json.hasNext()) {
        String name = json.nextName();
        if (name.equals("id")) {
          id = json.nextLong();
        } else if (name.equals(textName) && json.peek() != JsonToken.NULL) {
          text = json.nextString();
        } else {
          json.skipValue();
        }
      }
      json.endObject();
      entry.add(id, text);
    }
    json.endArray();
  }

  private void check(Path file) {
    if (images.isEmpty() || categories.isEmpty() || labels.isEmpty()) {
      throw new BadInputException(
          "%s has %d images, %d annotations and %d categories; all three are needed, so use the file with labels"
              .formatted(file, images.size(), labels.size(), categories.size()));
    }
    labels.forEach(
        (image, category) -> {
          if (!images.containsKey(image) || !categories.containsKey(category)) {
            throw new BadInputException(
                "%s has an annotation of image %d and category %d, which it does not describe; download it again"
                    .formatted(file, image, category));
          }
        });
  }
}
