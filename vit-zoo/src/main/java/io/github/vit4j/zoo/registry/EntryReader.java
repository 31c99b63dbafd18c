package io.github.vit4j.zoo.registry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.vit4j.config.ViTConfig;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.zoo.description.ModelDescription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the entries of one family. */
final class EntryReader {

  /** What the texts of sources may ask for. */
  static final List<String> FILLINGS = List.of("name", "hub", "file", "sha256");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][\\w.+-]{0,119}");
  private static final String MODEL = "model";

  private final Family family;
  private final JsonObject defaults;
  private final JsonObject shapes;
  private final @Nullable Path folder;
  private final String where;

  /**
   * @param defaults what entries need not repeat
   * @param shapes architectures by size
   * @param folder that local paths start from, or null if this is the library's own registry
   * @param where the file, for messages
   */
  EntryReader(
      Family family, JsonObject defaults, JsonObject shapes, @Nullable Path folder, String where) {
    this.family = family;
    this.defaults = defaults;
    this.shapes = shapes;
    this.folder = folder;
    this.where = where;
  }

  ZooEntry read(JsonElement element) {
    String name = new Fields(element, where + ": an entry").text("name");
    if (!NAME.matcher(name).matches()) {
      throw new BadInputException(
          "%s: '%s' is no name of a model; use letters, digits, '.', '_', '+' and '-'"
              .formatted(where, name));
    }
    String here = where + ", entry " + name;
    Fields fields = new Fields(merged(element.getAsJsonObject()), here);
    fields.text("name");
    String size = fields.text("size");
    ModelDescription model =
        ModelDescription.parse(model(fields.object(MODEL), size, here).toString(), here);
    LabelSet labels = labels(fields, model.config(), here);
    String untrained = fields.textOrNull("untrained");
    List<Source> sources = sources(fields, name, here);
    if (untrained == null && sources.isEmpty()) {
      throw new BadInputException(
          here + " has no source of weights; give 'sources', or say in 'untrained' why not");
    }
    ZooEntry entry =
        new ZooEntry(
            name,
            family,
            size,
            aliases(fields),
            model.config(),
            model.preprocessing(),
            labels,
            fields.text("trained_on"),
            fields.text("licence"),
            untrained == null ? sources : List.of(),
            published(fields, here),
            note(untrained, fields.textOrNull("note")));
    fields.refuseOthers();
    return entry;
  }

  private JsonObject merged(JsonObject entry) {
    JsonObject merged = defaults.deepCopy();
    for (Map.Entry<String, JsonElement> field : entry.entrySet()) {
      JsonElement usual = merged.get(field.getKey());
      if (field.getKey().equals(MODEL)
          && usual != null
          && usual.isJsonObject()
          && field.getValue().isJsonObject()) {
        field
            .getValue()
            .getAsJsonObject()
            .entrySet()
            .forEach(word -> usual.getAsJsonObject().add(word.getKey(), word.getValue()));
      } else {
        merged.add(field.getKey(), field.getValue());
      }
    }
    return merged;
  }

  /** What the entry says of the model comes before what its size says. */
  private JsonObject model(JsonObject said, String size, String here) {
    JsonElement shape = shapes.get(size);
    if (shape == null) {
      return said;
    }
    JsonObject model = new JsonObject();
    new Fields(shape, here + ", shape " + size);
    shape.getAsJsonObject().entrySet().forEach(word -> model.add(word.getKey(), word.getValue()));
    said.entrySet().forEach(word -> model.add(word.getKey(), word.getValue()));
    return model;
  }

  private static @Nullable LabelSet labels(Fields fields, ViTConfig config, String here) {
    String id = fields.textOrNull("labels");
    if (id == null) {
      return null;
    }
    for (LabelSet set : LabelSet.values()) {
      if (set.id().equals(id)) {
        if (set.classes() != config.classes()) {
          throw new BadInputException(
              "%s: %s has %d classes, but the model %d"
                  .formatted(here, id, set.classes(), config.classes()));
        }
        return set;
      }
    }
    throw new BadInputException(
        "%s: there is no set of classes '%s'; known are %s; leave 'labels' out where the weights"
                .formatted(here, id, Arrays.stream(LabelSet.values()).map(LabelSet::id).toList())
            + " come with their own");
  }

  private List<Source> sources(Fields fields, String name, String here) {
    Map<String, String> fillings = new HashMap<>();
    fillings.put("name", name);
    fillings.put("hub", name);
    for (String key : List.of("hub", "file", "sha256")) {
      String text = fields.textOrNull(key);
      if (text != null) {
        fillings.put(key, text);
      }
    }
    return new SourceReader(folder, fillings, here).read(fields.list("sources"));
  }

  private static List<String> aliases(Fields fields) {
    List<String> aliases = new ArrayList<>(fields.texts("aliases"));
    String file = fields.textOrNull("file");
    if (file != null) {
      aliases.add(file);
    }
    return aliases;
  }

  private static Published published(Fields fields, String here) {
    return new Published(
        fields.numberOrNull("parameters"),
        fields.wholeOrNull("counted_classes"),
        fields.numberOrNull("gmacs"),
        fields.numberOrNull("top1"),
        fields.numberOrNull("top1_timm"),
        fields.numberOrNull("top1_v2"),
        protocol(fields, here));
  }

  private static Protocol protocol(Fields fields, String here) {
    String word = fields.textOrNull("top1_by");
    if (word == null) {
      return Protocol.HEAD;
    }
    return Arrays.stream(Protocol.values())
        .filter(p -> p.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "%s: 'top1_by' must be one of %s, but is '%s'"
                        .formatted(
                            here,
                            Arrays.stream(Protocol.values()).map(Protocol::word).toList(),
                            word)));
  }

  private static @Nullable String note(@Nullable String untrained, @Nullable String note) {
    if (untrained == null || note == null) {
      return untrained == null ? note : untrained;
    }
    return untrained + " " + note;
  }
}
