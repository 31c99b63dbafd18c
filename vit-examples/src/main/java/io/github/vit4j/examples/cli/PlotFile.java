package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** A picture that a command is to draw. */
final class PlotFile {

  private PlotFile() {}

  /** Checks before any work is done that it can be written. */
  static void requireWritable(Path file) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw new BadInputException("--plot " + file + " must end in .png, which is what is drawn");
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw new BadInputException(
          "--plot " + file + ": the folder " + folder + " does not exist; create it first");
    }
    if (Files.isDirectory(file)) {
      throw new BadInputException("--plot " + file + " is a folder; name a file to write");
    }
  }
}
