package io.github.vit4j.compute;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What a process says whose system properties name no route; each is read once a process. */
class MisspeltRoutesTest {

  @Test
  void aMisspeltPropertyIsRefusedEveryTime() throws IOException, InterruptedException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-Dvit4j.linear=mkl",
            "-Dvit4j.attention=flash",
            Asked.class.getName());
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(child.waitFor()).as(said).isZero();
    String linear = "vit4j.linear is 'mkl'; use auto, engine or onednn";
    String attention = "vit4j.attention is 'flash'; use auto, plain or fused";
    assertThat(said.lines())
        .containsExactly("PLAIN and ENGINE", linear, linear, attention, attention);
  }

  /** A route that is named needs no property. */
  static final class Asked {

    private Asked() {}

    public static void main(String[] args) {
      System.out.println(AttentionRoute.PLAIN + " and " + LinearRoute.ENGINE);
      for (int i = 0; i < 2; i++) {
        refused(() -> LinearRoute.on(Device.cpu()));
      }
      for (int i = 0; i < 2; i++) {
        refused(() -> AttentionRoute.on(Device.cpu()));
      }
    }

    private static void refused(Supplier<?> question) {
      try {
        System.out.println(question.get());
      } catch (BadInputException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
