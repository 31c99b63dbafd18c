package io.github.vit4j.examples.command;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a word of the command line names that may be a path or something else. On Windows {@code
 * hf:OWNER/NAME} and {@code shapes:600} are no paths at all, and the system says so by an
 * exception.
 */
public final class NamedPath {

  private NamedPath() {}

  /**
   * {@return the file or folder of that name; empty if there is none, or cannot be}
   *
   * @param word a path, or anything else
   */
  public static Optional<Path> existing(String word) {
    try {
      return Optional.of(Path.of(word)).filter(Files::exists);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }
}
