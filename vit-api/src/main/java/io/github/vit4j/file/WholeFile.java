package io.github.vit4j.file;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a file whole or not at all. The bytes go to a new file beside it, which takes its name
 * once they are on the disk; until then what was there stays as it was.
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
    if (Files.isDirectory(file)) {
      throw new BadInputException(file + " is a directory; name a file to write");
    }
    Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
    Path part = target.resolveSibling(target.getFileName() + "." + UUID.randomUUID() + ".part");
    try {
      try (FileChannel out =
          FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        body.writeTo(out);
        out.force(true);
      }
      try {
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Writes a file, or replaces it, as {@link #write(Path, Body)} does.
   *
   * @param file where to, in a folder that exists
   * @param content all of it
   * @throws BadInputException if the file cannot be written
   */
  public static void write(Path file, byte[] content) {
    ByteBuffer bytes = ByteBuffer.wrap(content);
    try {
      write(
          file,
          out -> {
            while (bytes.hasRemaining()) {
              out.write(bytes);
            }
          });
    } catch (IOException e) {
      throw new BadInputException("cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
