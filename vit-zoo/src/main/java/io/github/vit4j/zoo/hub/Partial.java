package io.github.vit4j.zoo.hub;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a file, and of which file: what a server that is asked for the rest must still
 * have.
 *
 * <p>Where the name of the partial file says what the content is (the hub's blobs), that is enough;
 * otherwise a note beside it holds the server's validator.
 */
final class Partial {

  private final Path file;
  private final @Nullable Path note;

  private Partial(Path file, @Nullable Path note) {
    this.file = file;
    this.note = note;
  }

  /** For a file whose name is its content's hash. */
  static Partial namedByContent(Path file) {
    return new Partial(file, null);
  }

  static Partial withNote(Path file) {
    return new Partial(file, file.resolveSibling(file.getFileName() + ".json"));
  }

  Path file() {
    return file;
  }

  boolean isNamedByContent() {
    return note == null;
  }

  long size() throws IOException {
    return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
  }

  /**
   * How many bytes may be kept when the rest comes from this address; 0 if there is no telling that
   * they belong together.
   */
  long usable(URI address) throws IOException {
    long size = size();
    if (size == 0 || note == null) {
      return size;
    }
    JsonObject json = SmallJson.read(note);
    if (json == null
        || SmallJson.text(json, "validator").isEmpty()
        || !SmallJson.text(json, "address").equals(Shown.address(address))) {
      return 0;
    }
    // with at least one byte left to ask for, the answer says whether the file is still the same
    long total = SmallJson.number(json, "total");
    return total < 0 ? size : Math.max(0, Math.min(size, total - 1));
  }

  /** The If-Range value, or null where none is needed. */
  @Nullable String validator() {
    JsonObject json = note == null ? null : SmallJson.read(note);
    String validator = json == null ? "" : SmallJson.text(json, "validator");
    return validator.isEmpty() ? null : validator;
  }

  /** Whether an answer that continues the file can be about the same file. */
  boolean isContinuedBy(Answer answer) {
    String known = validator();
    String tag = answer.header("ETag").orElse(null);
    return known == null || tag == null || !known.startsWith("\"") || known.equals(tag.strip());
  }

  /** Opens for writing behind the bytes that are kept; the rest is cut off. */
  FileChannel open(long keep) throws IOException {
    Folders.create(Folders.of(file));
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      channel.truncate(keep).position(keep);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** Notes what is about to arrive from its first byte on; nothing older may be there any more. */
  void begin(URI asked, Answer answer, long total) throws IOException {
    if (note != null) {
      JsonObject json = new JsonObject();
      json.addProperty("address", Shown.address(asked));
      json.addProperty("validator", validatorOf(answer));
      json.addProperty("total", total);
      Folders.write(note, json.toString());
    }
  }

  void discard() throws IOException {
    Files.deleteIfExists(file);
    if (note != null) {
      Files.deleteIfExists(note);
    }
  }

  /** The complete file takes its place. */
  void become(Path target) throws IOException {
    Folders.move(file, target);
    if (note != null) {
      Files.deleteIfExists(note);
    }
  }

  /** Only a strong tag or, without any tag, a date may stand in If-Range. */
  private static String validatorOf(Answer answer) {
    String tag = answer.header("ETag").map(String::strip).orElse("");
    if (tag.isEmpty()) {
      return answer.header("Last-Modified").map(String::strip).orElse("");
    }
    return tag.startsWith("\"") && tag.endsWith("\"") && tag.length() > 2 ? tag : "";
  }
}
