package io.github.vit4j.examples.cli;

import static io.github.vit4j.examples.cli.Shell.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.vit4j.examples.cli.Shell.Outcome;
import io.github.vit4j.examples.command.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmarks run and refuse; what they measure is nothing that a test could know. */
@SuppressWarnings("NullAway.Init") // JUnit sets the field
class BenchTest {

  @TempDir Path folder;

  @Test
  void imagesAreMeasuredStageByStage() throws IOException {
    Path data = Scene.in(folder).data();
    Outcome outcome = run("bench-images", data, "--size", 32, "--rounds", 1, "--json");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonObject result = JsonParser.parseString(outcome.out()).getAsJsonObject();
    assertThat(result.get("images").getAsInt()).isEqualTo(9);
    assertThat(result.get("imagesPerSecond").getAsDouble()).isPositive();
    assertThat(result.has("pillowDecode")).isFalse();
    assertThat(run("bench-images", data, "--size", 32, "--rounds", 1).out())
        .contains("decode + resize");
  }

  @Test
  void servingIsMeasuredBatchedAndNot() {
    Outcome outcome =
        run("bench-serve", "--size", 32, "--clients", "1,3", "--seconds", 0, "--json");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonArray rows = JsonParser.parseString(outcome.out()).getAsJsonArray();
    assertThat(rows).hasSize(4);
    assertThat(rows.get(3).getAsJsonObject().get("batched").getAsBoolean()).isTrue();
  }

  @Test
  void whatMakesNoSenseIsRefused() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertBad(run("bench", "--models", "XL"), "--models has no 'XL'");
    assertBad(run("bench", "--ways", "magic"), "--ways has no 'magic'");
    assertBad(run("bench", "--batches", "0"), "--batches must be 1 to 1024");
    assertBad(run("bench", "--sizes", "100"), "not divisible by patch size 16");
    assertBad(run("bench", "--rounds", "0"), "--rounds must be at least 1");
    assertBad(run("bench-serve", "--clients", "0"), "--clients must be 1 to 1024");
    assertBad(run("bench-serve", "--max-wait", "-1"), "cannot wait");
    assertBad(run("bench-images", empty), "image");
    assertBad(run("bench-large", "--variant", "XL/14"), "there is no variant 'XL/14'");
    assertBad(run("bench-optim", "--rounds", 0), "--rounds must be at least 1");
    assertBad(run("bench-open", folder.resolve("nope")), "nope does not exist");
    Path data = Scene.in(folder).data();
    assertBad(
        run("bench-images", data, "--size", 32, "--rounds", 1, "--python", "no-such-python"),
        "--python no-such-python cannot measure Pillow");
  }

  private static void assertBad(Outcome outcome, String message) {
    assertThat(outcome.code()).as(outcome.err()).isEqualTo(Exit.BAD_INPUT);
    assertThat(outcome.err()).contains(message).hasLineCount(1);
  }
}
