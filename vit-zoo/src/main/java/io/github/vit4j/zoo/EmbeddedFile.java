package io.github.vit4j.zoo;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files inside this library. */
final class EmbeddedFile {

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedFile.class);

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

  /**
   * Gives a temporary copy a place to stay, the same one each time.
   *
   * @return where it is then; where it was, if the folder cannot be written
   */
  static Path keep(Path copy, Path folder, String name) {
    Path target = folder.resolve(name);
    Path at = copy;
    try {
      if (Files.isRegularFile(target) && Files.mismatch(copy, target) < 0) {
        Files.delete(copy);
        return target;
      }
      Files.createDirectories(folder);
      Path beside = Files.createTempFile(folder, "vit4j", ".incomplete");
      at = Files.move(copy, beside, StandardCopyOption.REPLACE_EXISTING);
      at = Files.move(at, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      LOG.debug("{} stays where it is", at, e);
    }
    return at;
  }
}
