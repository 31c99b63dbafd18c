package io.github.vit4j.examples.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processor's name, for figures that say where they were measured. */
final class Processor {

  private Processor() {}

  static String name() {
    int count = Runtime.getRuntime().availableProcessors();
    try (var lines = Files.lines(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1)) {
      return count
          + " x "
          + lines
              .filter(line -> line.startsWith("model name"))
              .map(line -> line.substring(line.indexOf(':') + 1).strip())
              .findFirst()
              .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return count + " x " + System.getProperty("os.arch");
    }
  }
}
