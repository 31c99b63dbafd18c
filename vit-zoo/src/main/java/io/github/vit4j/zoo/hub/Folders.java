package io.github.vit4j.zoo.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What it takes for a file to be there whole or not at all. */
final class Folders {

  private static final Logger LOG = LoggerFactory.getLogger(Folders.class);

  private Folders() {}

  /** The folder that holds a file. */
  static Path of(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }

  /** Makes the folder; one that is a link to a folder will do, as caches often live elsewhere. */
  static void create(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) { // on Java 17 createDirectories refuses such links
      Files.createDirectories(folder);
    }
  }

  /** Puts a complete file in its place in one step that outlives a power cut. */
  static void move(Path complete, Path target) throws IOException {
    try (FileChannel channel = FileChannel.open(complete, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    create(of(target));
    try {
      Files.move(complete, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      // Windows replaces no file that somebody has open; the one there has the same name and size
      if (!Files.isRegularFile(target) || Files.size(target) != Files.size(complete)) {
        throw e;
      }
      Files.delete(complete);
    }
    force(of(target));
  }

  /** Writes a small text file so that readers see the old one or the new one. */
  static void write(Path target, String text) throws IOException {
    create(of(target));
    String name = target.getFileName() + "." + token() + ".tmp";
    Path temporary = of(target).resolve(name);
    try {
      Files.write(temporary, text.getBytes(StandardCharsets.UTF_8));
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Eight hexadecimal digits that no other process has. */
  static String token() {
    return String.format("%08x", ThreadLocalRandom.current().nextInt());
  }

  /** Bytes that this user may still write there; -1 where the system does not say. */
  static long usableSpace(Path folder) {
    try {
      FileStore store = Files.getFileStore(folder);
      long usable = store.getUsableSpace();
      return usable == 0 && store.getTotalSpace() == 0 ? -1 : usable;
    } catch (IOException | SecurityException e) {
      return -1;
    }
  }

  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      LOG.trace("{} cannot be forced to disk, which Windows never can", folder, e);
    }
  }
}
