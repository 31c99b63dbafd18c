package io.github.vit4j.finetune.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A training in a process of its own, which is ended with {@code kill -9} at random moments and
 * begun again, until it may end by itself.
 *
 * <p>The program takes the run's folder, says {@code step N} after each step and {@code done} at
 * the end.
 */
public final class KilledProcess {

  private static final int KILLS = 3;

  private final Class<?> program;
  private final Path folder;

  /**
   * A training that has not begun.
   *
   * @param program has a main method
   * @param folder of the run
   */
  public KilledProcess(Class<?> program, Path folder) {
    this.program = program;
    this.folder = folder;
  }

  /**
   * Kills it several times, each within some steps of its start.
   *
   * @param mostSteps the latest kill, while the whole run takes clearly more steps
   */
  public void killAtRandomMoments(int mostSteps) throws IOException, InterruptedException {
    Files.createDirectories(folder.getParent());
    Random random = new Random(); // other moments every time; the result must not depend on them
    int kills = 0;
    for (int i = 0; i < KILLS; i++) {
      Process child = start();
      try (BufferedReader lines = lines(child)) {
        int wanted = 1 + random.nextInt(mostSteps);
        for (int k = 0; k < wanted && lines.readLine() != null; k++) {}
        TimeUnit.MICROSECONDS.sleep(random.nextInt(20_000));
        kills += child.isAlive() ? 1 : 0;
        child.destroyForcibly(); // SIGKILL
        child.waitFor();
      } finally {
        child.destroyForcibly();
      }
    }
    assertThat(kills).isGreaterThanOrEqualTo(2);
    assertThat(folder.resolve(RunFolder.LAST)).doesNotExist();
  }

  /** Begins it a last time and holds its files against those of a run that was never killed. */
  public void endsLike(Path uninterrupted, List<String> files) throws IOException {
    Process child = start();
    try (BufferedReader lines = lines(child)) {
      String first = lines.readLine();
      assertThat(first).as("it goes on, not from the beginning").isNotEqualTo("step 1");
      assertThat(lines.lines().reduce((a, b) -> b)).as(() -> said()).hasValue("done");
    } finally {
      child.destroyForcibly();
    }
    for (String file : files) {
      assertThat(Files.readAllBytes(folder.resolve(file)))
          .as(file)
          .isEqualTo(Files.readAllBytes(uninterrupted.resolve(file)));
    }
  }

  private Path errors() {
    return folder.resolveSibling(folder.getFileName() + ".stderr");
  }

  private String said() {
    try {
      return Files.readString(errors());
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static BufferedReader lines(Process child) {
    return new BufferedReader(
        new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dai.djl.offline=true",
            "-cp",
            System.getProperty("java.class.path"),
            program.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.appendTo(errors().toFile()))
        .start();
  }
}
