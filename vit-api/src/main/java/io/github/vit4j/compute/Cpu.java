package io.github.vit4j.compute;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The processor of this machine, as the system names it. */
public final class Cpu {

  private Cpu() {}

  /** {@return its model, or its architecture where the system does not tell} */
  public static String name() {
    String windows = System.getenv("PROCESSOR_IDENTIFIER");
    if (windows != null) {
      return windows;
    }
    String model = field("model name");
    return model.isEmpty() ? System.getProperty("os.arch") : model;
  }

  /** {@return whether it is made by AMD} */
  public static boolean isAmd() {
    String windows = System.getenv("PROCESSOR_IDENTIFIER");
    return (windows == null ? field("vendor_id") : windows).contains("AuthenticAMD");
  }

  /** {@return whether it has vector products of 8-bit integers, as far as the system tells} */
  public static boolean hasVnni() {
    return field("flags").contains("vnni");
  }

  private static String field(String name) {
    Path cpuinfo = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(cpuinfo)) {
      return "";
    }
    try (Stream<String> lines = Files.lines(cpuinfo, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(name))
          .findFirst()
          .map(line -> line.replaceFirst(".*?:\\s*", ""))
          .orElse("");
    } catch (IOException | UncheckedIOException e) {
      return ""; // good to know, but no reason to fail
    }
  }
}
