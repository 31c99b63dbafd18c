package io.github.vit4j.compute;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.file.WholeFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was measured on this machine, one line a processor, engine and number of threads. A file
 * that is damaged is taken as one that is not there, and replaced by the next measurement.
 */
final class MeasuredRoutes {

  private static final String SEPARATOR = " = ";
  private static final long LARGEST = 1 << 16;

  private final Path file;

  MeasuredRoutes(Path file) {
    this.file = file;
  }

  /** In {@code vit4j.cache}, or where this system's caches are. */
  static MeasuredRoutes ofUser() {
    String own = System.getProperty("vit4j.cache");
    String caches = System.getenv("XDG_CACHE_HOME");
    Path folder;
    if (own != null) {
      folder = Path.of(own);
    } else if (caches != null && !caches.isEmpty()) {
      folder = Path.of(caches, "vit4j");
    } else {
      folder = Path.of(System.getProperty("user.home"), ".cache", "vit4j");
    }
    return new MeasuredRoutes(folder.resolve("linear-routes.txt"));
  }

  Optional<LinearRoute> find(String machine) {
    String route = read().get(machine);
    for (LinearRoute known : LinearRoute.values()) {
      if (known.name().equals(route)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  /** Keeps a measurement; whoever reads meanwhile sees the old file or the new one. */
  void keep(String machine, LinearRoute route) {
    Map<String, String> all = read();
    all.put(machine, route.name());
    StringBuilder text = new StringBuilder();
    all.forEach((key, value) -> text.append(key).append(SEPARATOR).append(value).append('\n'));
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
      WholeFile.write(file, out -> Channels.newOutputStream(out).write(bytes));
    } catch (IOException e) {
      throw new BadInputException(
          "the measured route cannot be kept in %s: %s; name another folder by -Dvit4j.cache"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private Map<String, String> read() {
    Map<String, String> all = new LinkedHashMap<>();
    try {
      if (!Files.isRegularFile(file) || Files.size(file) > LARGEST) {
        return all;
      }
      for (String line : Files.readString(file, StandardCharsets.ISO_8859_1).split("\n")) {
        int at = line.lastIndexOf(SEPARATOR);
        if (at > 0) {
          all.put(line.substring(0, at), line.substring(at + SEPARATOR.length()).strip());
        }
      }
    } catch (IOException | UncheckedIOException e) {
      all.clear(); // the vendor decides then
    }
    return all;
  }
}
