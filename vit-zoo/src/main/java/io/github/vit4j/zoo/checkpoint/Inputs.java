package io.github.vit4j.zoo.checkpoint;

import io.github.vit4j.error.BadInputException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What every format does before and after reading. */
final class Inputs {

  private Inputs() {}

  /** Refuses what is no file with something in it. */
  static void requireFile(Path file) {
    if (Files.isDirectory(file)) {
      throw new BadInputException(file + " is a directory; name the checkpoint file inside it");
    }
    if (!Files.exists(file)) {
      throw new BadInputException(file + " does not exist");
    }
    if (!Files.isRegularFile(file)) {
      throw new BadInputException(file + " is not a regular file");
    }
    if (!Files.isReadable(file)) {
      throw new BadInputException(file + " may not be read by this user");
    }
    try {
      if (Files.size(file) == 0) {
        throw new BadInputException(file + " is empty; fetch it again");
      }
    } catch (IOException e) {
      throw new BadInputException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  static void closeQuietly(@Nullable Closeable resource) {
    if (resource != null) {
      try {
        resource.close();
      } catch (IOException e) {
        // something else failed before and is being reported
      }
    }
  }

  /** The bytes of a buffer as a stream, without copying them to the heap. */
  static InputStream stream(ByteBuffer bytes) {
    ByteBuffer rest = bytes.duplicate();
    return new InputStream() {
      @Override
      public int read() {
        return rest.hasRemaining() ? rest.get() & 0xFF : -1;
      }

      @Override
      public int read(byte[] into, int offset, int length) {
        if (length == 0) {
          return 0;
        }
        int count = Math.min(length, rest.remaining());
        rest.get(into, offset, count);
        return count == 0 ? -1 : count;
      }
    };
  }
}
