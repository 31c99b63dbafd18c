package io.github.vit4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScalingLawCommandTest {

  @TempDir Path folder;

  /** The paper's law for ImageNet, fine-tuned. */
  private Path points(int count) throws IOException {
    StringBuilder text = new StringBuilder("name,compute,error\n");
    for (int i = 0; i < count; i++) {
      double compute = 0.1 * Math.pow(10, 0.5 * i);
      double error = 0.09 + 0.26 * Math.pow(compute + 0.01, -0.35);
      text.append("run").append(i).append(',').append(compute).append(',').append(error);
      text.append('\n');
    }
    return Files.writeString(folder.resolve("points.csv"), text);
  }

  @Test
  void printsTheLaw() throws IOException {
    Path plot = folder.resolve("law.png");
    Shell.Outcome outcome =
        Shell.run(
            "scaling-law", points(9), "--predict", "1e5,1e6", "--resamples", 20, "--plot", plot);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.out())
        .contains("E = 0.2600 (C + 0.01000)^-0.3500 + 0.09000")
        .contains("b  0.3500  0.3500 to 0.3500")
        .contains("fitted to 9 of 9 runs")
        .contains("at 1.000e+06: error 0.0921; law 0.09207 to 0.09207");
  }

  @Test
  void givesProgramsNumbers() throws IOException {
    Shell.Outcome outcome =
        Shell.run("scaling-law", points(4), "--frontier", "-p", "100", "--json");
    JsonObject report = new Gson().fromJson(outcome.out(), JsonObject.class);
    assertThat(report.getAsJsonObject("law").get("c").getAsDouble()).isBetween(0.0, 0.2);
    assertThat(report.getAsJsonArray("notes").get(0).getAsString()).contains("unknown");
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    bad(Shell.run("scaling-law", points(3)), "at least four different computes");
    bad(Shell.run("scaling-law", points(9), "-p", "0", "--resamples", 0), "compute of 0");
    bad(Shell.run("scaling-law", points(9), "--confidence", 95), "confidence cannot be 95");
    bad(Shell.run("scaling-law", points(9), "--plot", folder), ".png");
    bad(Shell.run("scaling-law", folder.resolve("no.csv")), "does not exist");
    Path percent = Files.writeString(folder.resolve("percent.csv"), "1,20\n");
    bad(Shell.run("scaling-law", percent), "line 1: the error cannot be 20.0");
  }

  private static void bad(Shell.Outcome outcome, String words) {
    assertThat(outcome.err()).startsWith("vit: ").contains(words);
    assertThat(outcome.err().strip().lines()).hasSize(1);
    assertThat(outcome.code()).isEqualTo(2);
  }
}
