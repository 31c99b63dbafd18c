package io.github.vit4j.zoo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files inside this library. */
final class EmbeddedFile {

  private EmbeddedFile() {}

  static InputStream open(String name) {
    InputStream stream = EmbeddedFile.class.getResourceAsStream(name);
    if (stream == null) {
      throw new IllegalStateException("the resource " + name + " is missing from this jar");
    }
    return stream;
  }

  /** A temporary copy, which the loader deletes once the model is open. */
  static ModelFiles unpack(String name) {
    try (InputStream resource = open(name)) {
      Path copy = Files.createTempFile("vit4j", ".safetensors");
      try {
        Files.copy(resource, copy, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        Files.deleteIfExists(copy);
        throw e;
      }
      return new ModelFiles(copy, true);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack " + name, e);
    }
  }
}
