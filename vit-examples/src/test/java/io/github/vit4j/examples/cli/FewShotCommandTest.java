package io.github.vit4j.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class FewShotCommandTest {

  @TempDir Path folder;
  private Scene scene;

  @BeforeEach
  void draw() throws IOException {
    scene = Scene.in(folder);
  }

  private Shell.Outcome fewshot(Object... more) {
    Object[] command = {"fewshot", scene.data(), "-m", scene.model(), "--engine-threads", 1};
    Object[] all = new Object[command.length + more.length];
    System.arraycopy(command, 0, all, 0, command.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    return Shell.run(all);
  }

  @Test
  void printsATableAndDraws() {
    Path plot = folder.resolve("plot.png");
    Path cache = folder.resolve("cache");
    Object[] options = {"--knn", "--shots", "1,2,all", "--cache", cache, "--plot", plot};
    Shell.Outcome first = fewshot(options);
    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    assertThat(first.out())
        .contains("| shots | training images | draws | ridge, top-1 % | k-NN, top-1 % |")
        .contains("| 2 | 6 | 3 |", " +- ", "| all | 6 | 1 |", "3 classes, measured on 3 images");
    assertThat(cache).isDirectoryContaining("glob:**.safetensors");
    Shell.Outcome again = fewshot(options);
    assertThat(again.out()).isEqualTo(first.out());
  }

  @Test
  void givesProgramsNumbers() {
    Shell.Outcome outcome = fewshot("--no-cache", "--json", "--seeds", 2);
    JsonObject report = new Gson().fromJson(outcome.out(), JsonObject.class);
    JsonObject row = report.getAsJsonArray("ridge").get(0).getAsJsonObject();
    assertThat(row.get("shots").getAsInt()).isEqualTo(1);
    assertThat(row.getAsJsonArray("draws")).hasSize(2);
    assertThat(report.getAsJsonArray("notes").get(0).getAsString()).contains("shots end at 1");
  }

  @Test
  void saysWhatIsWrong() throws IOException {
    bad(fewshot("--no-cache", "--shots", "5"), "5 shots need 5 training images in every class");
    bad(fewshot("--no-cache", "--shots", "few"), "write 1,5,10,25 or all");
    bad(fewshot("--no-cache", "--seeds", 0), "0 draws");
    bad(fewshot("--no-cache", "--l2", -1), "l2 cannot be -1");
    bad(fewshot("--no-cache", "--cache", folder), "exclude each other");
    bad(fewshot("--plot", folder.resolve("plot.jpg")), ".png");
    bad(fewshot("--plot", folder.resolve("no/plot.png")), "does not exist");
    bad(fewshot("--cache", Files.writeString(folder.resolve("f"), "")), "name another one");
    bad(Shell.run("fewshot", folder.resolve("no")), "does not exist");
  }

  private static void bad(Shell.Outcome outcome, String words) {
    assertThat(outcome.err()).startsWith("vit: ").contains(words);
    assertThat(outcome.err().strip().lines()).hasSize(1);
    assertThat(outcome.code()).isEqualTo(2);
  }
}
