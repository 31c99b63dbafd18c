package io.github.vit4j.compute;

import ai.djl.Device;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The way a linear layer's product is computed.
 *
 * <p>On AMD processors the engine's own product goes to MKL, which runs at less than half the speed
 * of oneDNN there; a 1x1 convolution goes to oneDNN and gives the same numbers to the last few
 * bits. By default the route follows the processor's vendor, so that two runs on one machine agree
 * bit for bit. The system property {@value #PROPERTY} overrides it: {@code engine}, {@code onednn}
 * or {@code auto}.
 */
public enum LinearRoute {
  /** The engine's linear operator. */
  ENGINE,

  /** oneDNN, reached through a 1x1 convolution on a channels-last view. */
  ONEDNN;

  /** The system property that overrides the choice. */
  public static final String PROPERTY = "vit4j.linear";

  private static final LinearRoute ON_THIS_CPU = choose(System.getProperty(PROPERTY, "auto"));

  /**
   * {@return the route for products on a device}
   *
   * @param device where the operands are; a GPU always takes {@link #ENGINE}
   */
  public static LinearRoute on(Device device) {
    return device.isGpu() ? ENGINE : ON_THIS_CPU;
  }

  static LinearRoute choose(String setting) {
    return switch (setting.toLowerCase(Locale.ROOT)) {
      case "engine" -> ENGINE;
      case "onednn" -> ONEDNN;
      case "auto" -> isAmd() ? ONEDNN : ENGINE;
      default ->
          throw new BadInputException(
              PROPERTY + " is '" + setting + "'; use auto, engine or onednn");
    };
  }

  private static boolean isAmd() {
    String identifier = System.getenv("PROCESSOR_IDENTIFIER"); // set by Windows
    if (identifier != null) {
      return identifier.contains("AuthenticAMD");
    }
    Path cpuinfo = Path.of("/proc/cpuinfo");
    if (!Files.isReadable(cpuinfo)) {
      return false;
    }
    try (var lines = Files.lines(cpuinfo, StandardCharsets.ISO_8859_1)) {
      return lines.limit(10).anyMatch(line -> line.contains("AuthenticAMD"));
    } catch (IOException | java.io.UncheckedIOException e) {
      return false; // the engine's own operator is right everywhere, only slower on some
    }
  }
}
