package io.github.vit4j.zoo.registry;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.vit4j.error.BadInputException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of entries: one family, what its entries have in common, and the entries.
 *
 * @param family the family
 * @param entries its models in the order of the file
 */
record FamilyFile(Family family, List<ZooEntry> entries) {

  private static final int MOST_ENTRIES = 10_000;

  /**
   * @param folder that local paths start from, or null if this is the library's own registry
   * @param where the file, for messages
   */
  static FamilyFile parse(String json, @Nullable Path folder, String where) {
    Fields fields = new Fields(StrictJson.parse(json, where), where);
    Family family = family(fields, where);
    JsonObject defaults = fields.object("defaults");
    JsonObject shapes = fields.object("shapes");
    List<JsonElement> elements = fields.list("entries");
    fields.refuseOthers();
    if (elements.isEmpty() || elements.size() > MOST_ENTRIES) {
      throw new BadInputException(
          "%s has %d entries; 1 to %d are possible"
              .formatted(where, elements.size(), MOST_ENTRIES));
    }
    EntryReader reader = new EntryReader(family, defaults, shapes, folder, where);
    List<ZooEntry> entries = new ArrayList<>();
    for (JsonElement element : elements) {
      entries.add(reader.read(element));
    }
    return new FamilyFile(family, List.copyOf(entries));
  }

  private static Family family(Fields fields, String where) {
    return new Family(
        fields.text("family"),
        fields.text("title"),
        fields.text("about"),
        fields.has("paper") ? paper(new Fields(fields.object("paper"), where + ", paper")) : null,
        fields.texts("facts").stream().map(text -> link(text, where)).toList());
  }

  private static Paper paper(Fields fields) {
    Paper paper =
        new Paper(
            fields.text("title"),
            fields.text("authors"),
            fields.whole("year"),
            link(fields.text("link"), "the paper"));
    fields.refuseOthers();
    return paper;
  }

  private static URI link(String text, String where) {
    if (Addresses.link(text) instanceof Address.Link link) {
      return link.uri();
    }
    throw new BadInputException(where + ": '" + text + "' is no https address");
  }
}
