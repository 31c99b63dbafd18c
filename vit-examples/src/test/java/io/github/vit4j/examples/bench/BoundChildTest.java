package io.github.vit4j.examples.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing goes on when a command is ended that runs one process after the other. */
class BoundChildTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;

  @Test
  void noneIsLeftBehindAndNoNewOneBegins() throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Process parent =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                OneAfterTheOther.class.getName(),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      long until = System.nanoTime() + PATIENCE.toNanos();
      while (children().isEmpty() && System.nanoTime() < until) {
        Thread.sleep(20);
      }
      assertThat(children()).hasSize(1);

      parent.destroy();

      assertThat(parent.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
      Thread.sleep(500); // one that had just begun has said so by now
      assertThat(children()).noneMatch(BoundChildTest::isAlive);
    } finally {
      parent.destroyForcibly();
      children().stream()
          .flatMap(pid -> ProcessHandle.of(pid).stream())
          .forEach(ProcessHandle::destroyForcibly);
    }
  }

  private static boolean isAlive(long pid) {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    return process.isPresent() && process.get().isAlive();
  }

  private List<Long> children() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> Long.valueOf(file.getFileName().toString())).toList();
    }
  }

  /** Starts a process, and when that has failed, the next. */
  static final class OneAfterTheOther {

    private OneAfterTheOther() {}

    public static void main(String[] arguments) {
      while (true) {
        try {
          ChildJvm.run(Sleeper.class, List.of(), arguments);
        } catch (IOException e) {
          // as a sweep does, which goes on with its other runs
        }
      }
    }
  }

  /** Says that it is there, and stays. */
  static final class Sleeper {

    private Sleeper() {}

    public static void main(String[] arguments) throws Exception {
      long pid = ProcessHandle.current().pid();
      Files.createFile(Path.of(arguments[0], String.valueOf(pid)));
      Thread.sleep(PATIENCE.toMillis());
    }
  }
}
