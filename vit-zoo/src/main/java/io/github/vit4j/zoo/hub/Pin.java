package io.github.vit4j.zoo.hub;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a file was when it was first seen, so that a later change is noticed without reading the
 * whole file each time.
 *
 * @param address where it came from, without a query; empty if somebody else brought it
 * @param sha256 of its content
 * @param size in bytes
 * @param modified its time stamp in milliseconds
 */
record Pin(String address, String sha256, long size, long modified) {

  private static final Logger LOG = LoggerFactory.getLogger(Pin.class);

  static Pin of(Path file, String address, String sha256) throws IOException {
    return new Pin(address, sha256, Files.size(file), modifiedOf(file));
  }

  /** The pin in a file, or null if there is none. */
  static @Nullable Pin read(Path pinFile) {
    JsonObject json = SmallJson.read(pinFile);
    if (json == null) {
      return null;
    }
    String sha256 = SmallJson.text(json, "sha256");
    return sha256.matches("[0-9a-f]{64}")
        ? new Pin(
            SmallJson.text(json, "address"),
            sha256,
            SmallJson.number(json, "size"),
            SmallJson.number(json, "modified"))
        : null;
  }

  /** Keeps the pin if the folder can be written; a cache may be read-only. */
  void write(Path pinFile) {
    JsonObject json = new JsonObject();
    json.addProperty("address", address);
    json.addProperty("sha256", sha256);
    json.addProperty("size", size);
    json.addProperty("modified", modified);
    try {
      Folders.write(pinFile, json.toString());
    } catch (IOException e) {
      LOG.debug("{} was not written: {}", pinFile, e.getMessage());
    }
  }

  /** Whether the file looks untouched since. */
  boolean fits(Path file) throws IOException {
    return Files.size(file) == size && modifiedOf(file) == modified;
  }

  private static long modifiedOf(Path file) throws IOException {
    return Files.getLastModifiedTime(file).toMillis();
  }
}
