package io.github.vit4j.finetune.train;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second run out of a folder: a locked file in it, which the system frees when a process
 * dies.
 *
 * @param file that is locked
 * @param channel holds the lock
 * @param key tells the file from another of the same name; null where the system has no such
 */
record RunLock(Path file, FileChannel channel, @Nullable Object key) implements AutoCloseable {

  static RunLock of(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      @Nullable FileLock lock = channel.tryLock();
      if (lock == null) {
        throw inUse(file);
      }
      return new RunLock(file, channel, key(file));
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw inUse(file);
    } catch (RuntimeException | IOException e) {
      channel.close();
      throw e;
    }
  }

  private static BadInputException inUse(Path file) {
    return new BadInputException(
        "another run writes to %s at this moment; end that one, or use another folder"
            .formatted(file.getParent()));
  }

  private static @Nullable Object key(Path file) throws IOException {
    return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
  }

  /** Whether the file is still there, and the one that was locked. */
  boolean isHeld() {
    try {
      return channel.isOpen() && Objects.equals(key, key(file));
    } catch (IOException e) {
      return false;
    }
  }

  /** The lock on a new file, after somebody deleted this one's. */
  RunLock again() throws IOException {
    RunLock next = isHeld() ? this : of(file);
    if (next != this) {
      close();
    }
    return next;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
