package io.github.vit4j.zoo.checkpoint;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * Writes a file whole or not at all, as {@link io.github.vit4j.file.WholeFile} does, under the name
 * that checkpoints and their callers know it by.
 */
public final class WholeFile {

  /** Writes the content. */
  @FunctionalInterface
  public interface Body {

    /**
     * Writes everything.
     *
     * @param out empty, at position 0; closed by the caller
     * @throws IOException if it cannot be written
     */
    void writeTo(FileChannel out) throws IOException;
  }

  private WholeFile() {}

  /**
   * Writes a file, or replaces it. Where the name is a symbolic link, the link stays and the file
   * that it points at is replaced.
   *
   * @param file where to, in a folder that exists
   * @param body writes the content; if it throws, nothing is left behind
   * @throws IOException if the file cannot be written
   * @throws BadInputException if the name is that of a folder
   */
  public static void write(Path file, Body body) throws IOException {
    io.github.vit4j.file.WholeFile.write(file, body::writeTo);
  }

  /**
   * Writes a file, or replaces it, as {@link #write(Path, Body)} does.
   *
   * @param file where to, in a folder that exists
   * @param content all of it
   * @throws BadInputException if the file cannot be written
   */
  public static void write(Path file, byte[] content) {
    io.github.vit4j.file.WholeFile.write(file, content);
  }
}
