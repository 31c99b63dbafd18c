package io.github.vit4j.examples.cli;

import static io.github.vit4j.examples.cli.Shell.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.examples.cli.Shell.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every bad input ends with code 2 and one line that says what it is. */
@SuppressWarnings("NullAway.Init") // JUnit sets the fields
class BadInputTest {

  @TempDir static Path folder;
  private static Scene scene;

  @BeforeAll
  static void prepare() throws IOException {
    scene = Scene.in(folder);
    byte[] weights = Files.readAllBytes(scene.model().resolve("model.safetensors"));
    Files.write(folder.resolve("cut.safetensors"), Arrays.copyOf(weights, weights.length / 2));
    byte[] lying = weights.clone();
    lying[5] = 1; // a header of over a terabyte
    Files.write(folder.resolve("lying.safetensors"), lying);
    Files.writeString(folder.resolve("text.safetensors"), "this is not a checkpoint");
    Files.writeString(
        folder.resolve("wider.json"),
        "{\"img_size\": 16, \"patch_size\": 8, \"embed_dim\": 32, \"depth\": 1, \"num_heads\": 2,"
            + " \"num_classes\": 6}");
    Files.writeString(folder.resolve("nonsense.json"), "{\"img_size\": ");
    Files.writeString(folder.resolve("few.txt"), "red\ngreen\n");
    Files.createDirectories(folder.resolve("empty"));
    Files.createFile(folder.resolve("nothing.png"));
    Files.write(folder.resolve("flat.bmp"), bmpOfSize(0, 5));
    Files.writeString(folder.resolve("list.txt"), "red/0.png\tviolet\nN2/1.png\tred\n");
    Files.writeString(folder.resolve("gone.txt"), "red/0.png\tred\nred/99.png\tred\n");
  }

  private static byte[] bmpOfSize(int width, int height) {
    byte[] bmp = new byte[70];
    bmp[0] = 'B';
    bmp[1] = 'M';
    bmp[2] = 70;
    bmp[10] = 54;
    bmp[14] = 40;
    bmp[18] = (byte) width;
    bmp[22] = (byte) height;
    bmp[26] = 1;
    bmp[28] = 24;
    return bmp;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "                                                      | a command is missing",
        "clasify @/nothing.png                                 | did you mean",
        "classify IMAGE -m MODEL --modle x                     | --modle",
        "classify IMAGE -m MODEL --top many                    | --top",
        "classify IMAGE -m MODEL --top 0                       | --top",
        "classify -m MODEL                                     | nothing to classify",
        "classify IMAGE -m no-such-model                       | no model called 'no-such-model'",
        "classify IMAGE -m @/empty                             | holds no checkpoint",
        "classify IMAGE -m @/cut.safetensors                   | cut.safetensors",
        "classify IMAGE -m @/lying.safetensors                 | lying.safetensors",
        "classify IMAGE -m @/text.safetensors                  | text.safetensors",
        "classify IMAGE -m MODEL --config @/wider.json         | shape",
        "classify IMAGE -m MODEL --config @/nonsense.json      | is not JSON",
        "classify IMAGE -m MODEL --config @/no.json            | there is no such file",
        "classify IMAGE -m MODEL --labels @/few.txt            | 2 classes",
        "classify IMAGE --labels @/few.txt                     | --model",
        "classify @/no.png -m MODEL                            | does not exist",
        "classify @/empty -m MODEL                             | no images in it",
        "classify @/nothing.png -m MODEL                       | is empty",
        "classify @/flat.bmp -m MODEL                          | flat.bmp",
        "classify @/few.txt -m MODEL                           | few.txt",
        "embed IMAGE -m MODEL                               | --out",
        "embed IMAGE -m MODEL -o @/f.txt                    | .csv",
        "embed IMAGE -m MODEL -o @/no/f.csv                 | does not exist",
        "embed @/nothing.png -m MODEL -o @/f.csv            | is empty",
        "embed -m MODEL -o @/f.csv                          | nothing to embed",
        "evaluate                                              | DATA",
        "evaluate @/no -m MODEL                                | does not exist",
        "evaluate @/empty -m MODEL                             | no class folders",
        "evaluate DATA -m MODEL --limit 0                      | limit",
        "evaluate DATA -m MODEL --batch 0                      | batch",
        "evaluate DATA -m MODEL --compiled float16             | choose float32, bfloat16 or int8",
        "evaluate DATA -m MODEL --list @/no.txt                | does not exist",
        "evaluate DATA -m MODEL --list @/list.txt              | 1 of 2 labels",
        "evaluate DATA -m MODEL --list @/gone.txt              | 1 of the 2 images",
        "summary --preset enormous                             | --preset",
        "summary --width 10 --heads 3                          | heads",
        "summary --preset huge --hmlp                          | patch",
        "summary --hmlp --conv-stem                            | stem",
        "summary --image-size 225                              | 225",
        "summary --image-size huge                             | --image-size",
        "summary --classes -1                                  | classes",
        "summary --preset tiny -m MODEL                        | exclude each other",
        "summary --preset tiny --resolution 48                 | without one, give --image-size",
        "export MODEL --to onnx -o @/m.pt                      | name it .onnx",
        "export MODEL --to onnx -o @/no/m.onnx                 | does not exist; make it first",
        "codebook DATA --out @/c.bin                           | name it .safetensors",
        "list --markdown @/empty                               | name it .md",
        "verify                                                | FOLDER",
        "verify @/no                                           | is not a folder",
        "verify @/empty                                        | config.json",
      })
  void isNamedInOneLine(String line, String words) {
    Object[] arguments =
        line == null
            ? new Object[0]
            : List.of(line.split(" +")).stream().map(this::place).toArray();
    Outcome outcome = run(arguments);
    assertThat(outcome.err()).startsWith("vit: ").contains(words);
    assertThat(outcome.err().strip().lines()).as(outcome.err()).hasSize(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(folder.resolve("f.csv")).doesNotExist();
  }

  private String place(String word) {
    return switch (word) {
      case "IMAGE" -> scene.image("red/0.png").toString();
      case "MODEL" -> scene.model().toString();
      case "DATA" -> scene.data().toString();
      default -> word.replace("@", folder.toString());
    };
  }

  @Test
  void debugShowsWhere() {
    Outcome outcome = run("classify", "no.png", "-m", "no-such-model", "--debug");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err())
        .startsWith("vit: there is no model called")
        .contains("\tat io.github.vit4j");
  }
}
