package io.github.vit4j.examples.command;

import io.github.vit4j.error.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A file that a command is to write. */
public final class OutFile {

  private OutFile() {}

  /**
   * Checks before any work is done that a file can be written.
   *
   * @param file its path
   * @param suffix that its name must end in, in small or capital letters
   * @param what is written, for the message
   * @throws BadInputException if the name is another, or the place is none for a file
   */
  public static void require(Path file, String suffix, String what) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(suffix)) {
      throw new BadInputException(
          "%s: what is written is %s; name it %s".formatted(file, what, suffix));
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new BadInputException("the folder of " + file + " does not exist; make it first");
    }
    if (Files.isDirectory(file)) {
      throw new BadInputException(file + " is a folder; name a file in it");
    }
  }
}
