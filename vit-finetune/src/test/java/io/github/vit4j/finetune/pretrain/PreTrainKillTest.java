package io.github.vit4j.finetune.pretrain;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.zoo.ViTModel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} at random moments, and pre-training comes out the same, bit for bit. */
class PreTrainKillTest {

  private static final int KILLS = 3;

  @TempDir Path folder;

  @Test
  void killedAtRandomMomentsItComesToTheSameBits() throws Exception {
    Path killed = folder.resolve("killed");
    Random random = new Random(); // other moments every time; the result must not depend on them
    int kills = 0;
    for (int i = 0; i < KILLS; i++) {
      Process child = child(killed);
      try (BufferedReader lines = lines(child)) {
        int wanted = 1 + random.nextInt(5);
        for (int k = 0; k < wanted && lines.readLine() != null; k++) {}
        TimeUnit.MICROSECONDS.sleep(random.nextInt(60_000));
        kills += child.isAlive() ? 1 : 0;
        child.destroyForcibly(); // SIGKILL
        child.waitFor();
      }
    }
    assertThat(kills).isGreaterThanOrEqualTo(2);
    assertThat(killed.resolve("last.safetensors")).doesNotExist();

    Path whole = folder.resolve("whole");
    try (ViTModel model = KilledPreTraining.model()) {
      KilledPreTraining.trainer(model, whole).fit().close();
    }
    Process last = child(killed);
    try (BufferedReader lines = lines(last)) {
      String first = lines.readLine();
      assertThat(first).as("it goes on, not from the beginning").isNotEqualTo("step 1");
      assertThat(lines.lines().reduce((a, b) -> b)).hasValue("done");
    }
    for (String file :
        new String[] {"last.safetensors", "pretrained.safetensors", "pictures/epoch-0008.png"}) {
      assertThat(Files.readAllBytes(killed.resolve(file)))
          .as(file)
          .isEqualTo(Files.readAllBytes(whole.resolve(file)));
    }
  }

  private static BufferedReader lines(Process child) {
    return new BufferedReader(
        new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8));
  }

  private static Process child(Path folder) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Dai.djl.offline=true",
            "-cp",
            System.getProperty("java.class.path"),
            KilledPreTraining.class.getName(),
            folder.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
