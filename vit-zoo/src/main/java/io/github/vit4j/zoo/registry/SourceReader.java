package io.github.vit4j.zoo.registry;

import com.google.gson.JsonElement;
import io.github.vit4j.error.BadInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the sources of an entry. Their texts may hold {@code {name}}, {@code {hub}}, {@code {file}}
 * and {@code {sha256}}, so that a family says once how its addresses are built; a source whose text
 * asks for what the entry lacks is not a source of that entry.
 */
final class SourceReader {

  private static final String USUAL_FILE = "model.safetensors";
  private static final Pattern HOLE = Pattern.compile("\\{(\\w+)}");

  /** PyTorch's hub names files {@code name-<first digits of the SHA-256>.pth} and checks them. */
  private static final Pattern IN_NAME = Pattern.compile(".*-([0-9a-f]{8,64})\\.\\w+");

  private final @Nullable Path folder;
  private final Map<String, String> fillings;
  private final String where;

  /**
   * @param folder that local paths start from, or null if this is the library's own registry
   * @param fillings for the holes
   * @param where the entry, for messages
   */
  SourceReader(@Nullable Path folder, Map<String, String> fillings, String where) {
    this.folder = folder;
    this.fillings = fillings;
    this.where = where;
  }

  List<Source> read(List<JsonElement> templates) {
    List<Source> sources = new ArrayList<>();
    for (JsonElement template : templates) {
      if (isFilled(template)) {
        sources.add(source(new Fields(template, where + ", source " + (sources.size() + 1))));
      }
    }
    return sources;
  }

  private boolean isFilled(JsonElement template) {
    Matcher holes = HOLE.matcher(template.toString());
    while (holes.find()) {
      String hole = holes.group(1);
      if (!EntryReader.FILLINGS.contains(hole)) {
        throw new BadInputException(
            "%s: a source has the hole {%s}; known are %s"
                .formatted(where, hole, EntryReader.FILLINGS));
      }
      if (!fillings.containsKey(hole)) {
        return false;
      }
    }
    return true;
  }

  private @Nullable String filled(Fields fields, String key) {
    String text = fields.textOrNull(key);
    return text == null ? null : HOLE.matcher(text).replaceAll(m -> filling(m.group(1)));
  }

  private String filling(String hole) {
    return Matcher.quoteReplacement(String.valueOf(fillings.get(hole)));
  }

  private Source source(Fields fields) {
    try {
      Address address = address(fields);
      String sha256 = filled(fields, "sha256");
      if ("in-name".equals(sha256)) {
        sha256 = inName(address.fileName());
      }
      Source source =
          new Source(
              address,
              FileFormat.of(address.fileName()),
              fields.text("names"),
              sha256,
              fields.textOrNull("note"));
      fields.refuseOthers();
      return source;
    } catch (BadInputException e) {
      String message = String.valueOf(e.getMessage());
      throw message.startsWith(where) ? e : new BadInputException(where + ": " + message, e);
    }
  }

  private Address address(Fields fields) {
    String hub = filled(fields, "hub");
    String link = filled(fields, "link");
    String path = filled(fields, "path");
    String resource = filled(fields, "resource");
    String file = filled(fields, "file");
    String revision = filled(fields, "revision");
    List<Address> given = new ArrayList<>();
    if (hub != null) {
      given.add(
          Addresses.hub(
              hub, revision == null ? Addresses.MAIN : revision, file == null ? USUAL_FILE : file));
    } else if (file != null || revision != null) {
      throw new BadInputException("'file' and 'revision' belong to a source with 'hub'");
    }
    if (link != null) {
      given.add(Addresses.link(link));
    }
    if (path != null && folder != null) {
      given.add(Addresses.local(folder, path));
    }
    if (resource != null && folder == null) {
      given.add(Addresses.resource(resource));
    }
    if (given.size() != 1) {
      throw new BadInputException("a source needs one of 'hub', 'link' and 'path'");
    }
    return given.get(0);
  }

  private static String inName(String file) {
    Matcher digits = IN_NAME.matcher(file);
    if (!digits.matches()) {
      throw new BadInputException(
          "'%s' does not carry a SHA-256; expected name-<8 or more hexadecimal digits>.ending"
              .formatted(file));
    }
    return digits.group(1);
  }
}
