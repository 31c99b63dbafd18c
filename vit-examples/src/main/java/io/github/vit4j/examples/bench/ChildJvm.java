package io.github.vit4j.examples.bench;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.ChildFailed;
import io.github.vit4j.examples.command.Exit;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Runs a main class in a process of its own, so that memory is counted from nothing. */
public final class ChildJvm {

  private static final String OURS = "vit4j.";
  private static final String HEAP = "-Xmx";
  private static final Path STATUS = Path.of("/proc/self/status");

  private ChildJvm() {}

  /**
   * Runs a program of this class path with the options of Java that this process was told.
   *
   * @return the last line that it wrote
   * @throws ChildFailed if it does not end with 0
   */
  public static String run(Class<?> program, List<String> options, String... arguments)
      throws IOException {
    return runExactly(program, told(options), arguments);
  }

  /**
   * {@return options of Java with those that the user has given this process: all properties of
   * this library, and the largest heap}
   *
   * @param own counts more than a property of the user's, and less than a heap of the user's
   */
  public static List<String> told(List<String> own) {
    List<String> all = new ArrayList<>();
    for (String name : new TreeSet<>(System.getProperties().stringPropertyNames())) {
      if (name.startsWith(OURS)) {
        all.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    all.addAll(own);
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> option.startsWith(HEAP))
        .forEach(all::add);
    return all;
  }

  /** As {@link #run}, with these options only: this process may be another user's or machine's. */
  public static String runExactly(Class<?> program, List<String> options, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-Dai.djl.offline=true");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    try (BoundChild child = BoundChild.start(builder)) {
      return lastLine(program, child.process());
    }
  }

  /** What the main of a child does. */
  @FunctionalInterface
  interface Measurement {
    void run() throws Exception;
  }

  /** Measures in a child: what the user can mend is said in one line, as commands do. */
  static void measure(Measurement measurement) throws Exception {
    try {
      measurement.run();
    } catch (BadInputException e) {
      System.err.println("vit: " + e.getMessage());
      System.exit(Exit.BAD_INPUT);
    }
  }

  private static String lastLine(Class<?> program, Process child) throws IOException {
    List<String> lines =
        new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .collect(Collectors.toList());
    try {
      int code = child.waitFor();
      if (code != 0) {
        throw new ChildFailed(program, code);
      }
      if (lines.isEmpty()) {
        throw new IOException(program.getSimpleName() + " wrote nothing");
      }
    } catch (InterruptedException e) {
      child.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while " + program.getSimpleName() + " ran");
    }
    return lines.get(lines.size() - 1);
  }

  /** {@return the most memory that this process has held, in bytes; Linux only} */
  static long peakResident() throws IOException {
    return status("VmHWM:");
  }

  /** {@return the memory that this process holds now, in bytes; Linux only} */
  static long resident() throws IOException {
    return status("VmRSS:");
  }

  /**
   * Refuses to begin where the system will not tell.
   *
   * @param what shall be measured
   * @throws BadInputException on any other system than Linux
   */
  static void requireFiguresOf(String what) {
    if (!Files.exists(STATUS)) {
      throw new BadInputException(what + " can be measured on Linux only");
    }
  }

  private static long status(String key) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(key)) {
        return 1024 * Long.parseLong(line.replaceAll("\\D+", ""));
      }
    }
    throw new IOException("the system does not tell a process's memory");
  }
}
