package io.github.vit4j.examples.cli;

import static io.github.vit4j.examples.cli.Shell.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.vit4j.examples.cli.Shell.Outcome;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.Npz;
import io.github.vit4j.zoo.checkpoint.SafeTensors;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class CommandsTest {

  @TempDir static Path folder;
  private static Scene scene;

  @BeforeAll
  static void draw() throws IOException {
    scene = Scene.in(folder);
  }

  @Test
  void classifyShowsTheBestClassesOfAnImage() {
    Path image = scene.image("red/1.png");
    Outcome shown = run("classify", image, "--model", scene.model(), "--top", 3);
    assertThat(shown.code()).isZero();
    assertThat(shown.err()).isEmpty();
    assertThat(shown.lines()).hasSize(4);
    assertThat(shown.lines().get(0)).isEqualTo(image.toString());
    try (ViTModel model = ViTModel.open(scene.model())) {
      String best = model.classify(image).best().getClassName();
      double percent = 100 * model.classify(image).best().getProbability();
      assertThat(shown.lines().get(1)).matches("  \\S+ +[0-9.]+ %  #+").contains(best);
      assertThat(Double.parseDouble(shown.lines().get(1).strip().split(" +")[1]))
          .isEqualTo(percent, within(0.051));
    }
    assertThat(run(StandardCharsets.UTF_8, "classify", image, "-m", scene.model()).out())
        .contains("█");
  }

  @Test
  void classifyTakesFoldersAndShowsManyImagesAsATable() {
    Outcome flat = run("classify", scene.image("red"), scene.image("N2"), "-m", scene.model());
    assertThat(flat.code()).isZero();
    assertThat(flat.lines()).hasSize(2 * 3 * 6 + 5);
    Outcome table = run("classify", "--recursive", scene.data(), "-m", scene.model());
    assertThat(table.code()).isZero();
    assertThat(table.lines()).hasSize(9).allMatch(line -> line.contains(" then "));
  }

  @Test
  void classifyShowsTheSamplesThatShip() {
    Outcome shown = run("classify", "--samples", "-m", scene.model());
    assertThat(shown.code()).isZero();
    assertThat(shown.lines()).hasSize(20);
    assertThat(shown.lines().get(0)).startsWith("airplane-1");
  }

  @Test
  void theModelThatShipsAnswersWhereNoneIsNamed() {
    Outcome shown = run("classify", "--samples");
    assertThat(shown.code()).isZero();
    assertThat(shown.err()).isEmpty();
    long right =
        shown.lines().stream()
            .filter(line -> line.split("-")[0].equals(line.split(" +")[1]))
            .count();
    assertThat(right).isGreaterThanOrEqualTo(16); // of 20; see docs/results/cifar10.md
    Outcome own = run("classify", scene.image("red/0.png"));
    assertThat(own.code()).isZero();
    assertThat(own.err()).startsWith("vit: no --model was given").hasLineCount(1);
  }

  @Test
  void classifyWritesJsonInPlainAscii() {
    Outcome shown =
        run("classify", scene.image("red/0.png"), "-m", scene.model(), "--json", "--top", 6);
    assertThat(shown.out()).matches("\\p{ASCII}*").contains("\\u00fc");
    JsonArray array = JsonParser.parseString(shown.out()).getAsJsonArray();
    JsonObject image = array.get(0).getAsJsonObject();
    assertThat(image.get("file").getAsString()).endsWith("0.png");
    double sum = 0;
    for (var choice : image.getAsJsonArray("classes")) {
      sum += choice.getAsJsonObject().get("probability").getAsDouble();
      assertThat(choice.getAsJsonObject().get("id").getAsString()).startsWith("n");
    }
    assertThat(sum).isEqualTo(1, within(1e-6));
  }

  @Test
  void classifyNamesBrokenImagesAndShowsTheOthers() throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.jpg"), "no");
    Outcome shown = run("classify", broken, scene.image("red/0.png"), "-m", scene.model());
    assertThat(shown.code()).isEqualTo(1);
    assertThat(shown.lines()).hasSize(6);
    assertThat(shown.err()).startsWith("vit: ").contains("broken.jpg");
    Object[] skipping = {
      "classify", broken, scene.image("red"), "-m", scene.model(), "--skip-broken", "--batch", 2
    };
    assertThat(run(skipping).code()).isZero();
    assertThat(run("classify", broken, "-m", scene.model(), "--skip-broken").code()).isEqualTo(2);
  }

  @Test
  void embedWritesCsvAndSafetensors() throws IOException {
    Path csv = folder.resolve("f.csv");
    Outcome shown = run("embed", scene.image("red"), "-o", csv, "-m", scene.model());
    assertThat(shown.code()).isZero();
    assertThat(shown.out()).contains("3 embeddings of 16 numbers");
    assertThat(Files.readAllLines(csv)).hasSize(4);
    Path tensors = folder.resolve("f.safetensors");
    assertThat(run("embed", "-r", scene.data(), "-o", tensors, "-m", scene.model()).code())
        .isZero();
    try (Checkpoint file = SafeTensors.open(tensors);
        ViTModel model = ViTModel.open(scene.model())) {
      assertThat(file.info("features").shape()).containsExactly(9L, 16L);
      assertThat(
              JsonParser.parseString(String.valueOf(file.metadata().get("files"))).getAsJsonArray())
          .hasSize(9);
      float[] first = model.embed(scene.image("N2/0.png"));
      assertThat(file.floats("features")[0]).isEqualTo(first[0], within(1e-5f));
    }
  }

  @Test
  void embedWritesNumPyAndJson() throws IOException {
    Path npy = folder.resolve("f.npy");
    Path json = folder.resolve("f.json");
    for (Path file : List.of(npy, json)) {
      assertThat(run("embed", scene.image("red"), "-o", file, "-m", scene.model()).code()).isZero();
    }
    Path npz = folder.resolve("f.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(npz))) {
      zip.putNextEntry(new ZipEntry("features.npy"));
      zip.write(Files.readAllBytes(npy));
    }
    JsonArray rows = JsonParser.parseString(Files.readString(json)).getAsJsonArray();
    try (Checkpoint file = Npz.open(npz)) {
      assertThat(file.info("features").shape()).containsExactly(3L, 16L);
      float[] values = file.floats("features");
      for (int i = 0; i < rows.size(); i++) {
        JsonObject row = rows.get(i).getAsJsonObject();
        assertThat(row.get("file").getAsString()).endsWith(i + ".png");
        JsonArray numbers = row.getAsJsonArray("embedding");
        for (int j = 0; j < numbers.size(); j++) {
          assertThat(numbers.get(j).getAsFloat()).isEqualTo(values[i * 16 + j]);
        }
      }
    }
  }

  @Test
  void evaluateCountsFolders() {
    int right = 0;
    try (ViTModel model = ViTModel.open(scene.model())) {
      for (List<String> pair :
          List.of(List.of("red", "red"), List.of("N2", "green"), List.of("blue", "blue"))) {
        for (int i = 0; i < 3; i++) {
          Path image = scene.image(pair.get(0) + "/" + i + ".png");
          right += model.classify(image).best().getClassName().equals(pair.get(1)) ? 1 : 0;
        }
      }
    }
    Outcome shown = run("evaluate", scene.data(), "-m", scene.model(), "--json");
    assertThat(shown.code()).isZero();
    JsonObject report = JsonParser.parseString(shown.out()).getAsJsonObject();
    assertThat(report.get("images").getAsInt()).isEqualTo(9);
    assertThat(report.get("top1Correct").getAsInt()).isEqualTo(right);
    assertThat(report.get("top1Percent").getAsDouble()).isEqualTo(100.0 * right / 9);
    Outcome compiled =
        run("evaluate", scene.data(), "-m", scene.model(), "--compiled", "float32", "--json");
    assertThat(JsonParser.parseString(compiled.out()).getAsJsonObject().get("top1Correct"))
        .isEqualTo(report.get("top1Correct"));
    assertThat(run("evaluate", scene.data(), "-m", scene.model(), "--limit", 4).out())
        .contains("top-1")
        .contains("of 4 images")
        .contains("images/s");
  }

  @Test
  void evaluateReadsListsAndCountsBrokenImages() throws IOException {
    Files.writeString(scene.data().resolve("broken.png"), "no");
    Path list =
        Files.writeString(
            folder.resolve("list.txt"), "red/0.png\tRED\nbroken.png\tred\nN2/1.png\tn2\n");
    Object[] arguments = {"evaluate", scene.data(), "--list", list, "-m", scene.model()};
    Outcome shown = run(arguments);
    assertThat(shown.code()).isEqualTo(1);
    assertThat(shown.out()).contains("of 2 images").contains("broken  1 image");
    assertThat(shown.err()).contains("broken.png");
    Outcome skipped =
        run("evaluate", scene.data(), "-l", list, "-m", scene.model(), "--skip-broken");
    assertThat(skipped.code()).isZero();
    assertThat(run("classify", scene.data(), "-r", "-m", scene.model()).code()).isEqualTo(1);
    Files.delete(scene.data().resolve("broken.png"));
  }

  @Test
  void summaryCountsParameters() {
    // published for ViT-S/16: 22,050,664 parameters
    assertThat(run("summary", "--preset", "small").out()).contains("22,050,664");
    Outcome shown =
        run("summary", "--preset", "Tiny", "--depth", 3, "--image-size", "32x64", "--json");
    assertThat(shown.code()).isZero();
    JsonObject config =
        JsonParser.parseString(shown.out()).getAsJsonObject().getAsJsonObject("config");
    assertThat(config.get("depth").getAsInt()).isEqualTo(3);
    assertThat(config.get("imageWidth").getAsInt()).isEqualTo(64);
    assertThat(run("summary", "-m", scene.model()).out()).contains("6 classes").contains("total");
  }

  @Test
  void verifyHoldsAndFails() throws IOException {
    Path good = Files.createDirectories(folder.resolve("references/good"));
    Reference.write(scene, good, 0);
    Outcome fine = run("verify", good);
    assertThat(fine.err()).isEmpty();
    assertThat(fine.code()).isZero();
    assertThat(fine.out()).contains("good").contains("ok").contains("all within tolerance");
    Reference.write(scene, Files.createDirectories(folder.resolve("references/off")), 0.01f);
    Outcome wrong = run("verify", folder.resolve("references"));
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.out()).contains("good").contains("WRONG").contains("1 beyond tolerance");
    JsonArray json =
        JsonParser.parseString(run("verify", folder.resolve("references"), "--json").out())
            .getAsJsonArray();
    assertThat(json).hasSize(2);
    assertThat(run("verify", "--all", good).out()).contains("logits");
  }

  @Test
  void helpAndVersion() {
    assertThat(run("--help").code()).isZero();
    assertThat(run("--help").out()).contains("classify").contains("evaluate");
    for (String command : List.of("classify", "embed", "evaluate", "summary", "verify")) {
      assertThat(run(command, "--help").out()).contains("Usage: vit " + command);
    }
    assertThat(run("--version").out()).matches("(?s)vit \\d.*DJL \\d.*PyTorch \\d.*");
  }
}
