package io.github.vit4j.finetune.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import io.github.vit4j.compute.Cpu;
import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.compute.Routes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What the last bits of a result depend on beside the settings. */
final class Machine {

  private Machine() {}

  static Settings describe(Device device, Routes routes) {
    return new Settings()
        .put("device", device)
        .put("linear route", routes.linearOn(device))
        .put("attention route", routes.attentionOn(device))
        .put("engine", "PyTorch " + Engine.getEngine("PyTorch").getVersion())
        .put("engine threads", EngineThreads.get())
        .put("cpu", Cpu.name())
        .put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
  }

  /** The most memory that this process has held; Linux tells. */
  static OptionalLong peakResident() {
    String line = line(Path.of("/proc/self/status"), l -> l.startsWith("VmHWM:"));
    return line.isEmpty()
        ? OptionalLong.empty()
        : OptionalLong.of(1024 * Long.parseLong(line.replaceAll("\\D+", "")));
  }

  private static String line(Path file, Predicate<String> wanted) {
    if (!Files.isReadable(file)) {
      return "";
    }
    try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
      return lines.filter(wanted).findFirst().orElse("");
    } catch (IOException | UncheckedIOException e) {
      return ""; // good to know, but no reason to fail
    }
  }
}
