package io.github.vit4j.finetune.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScalingPointsFileTest {

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("points.csv"), text);
  }

  @Test
  void readsWithAndWithoutHeader() throws IOException {
    assertThat(ScalingPointsFile.read(file("# runs\n1e3,0.5\r\n\n2e3, 0.25 ,\"big, wide\"\n")))
        .containsExactly(new ScalingPoint(1e3, 0.5), new ScalingPoint(2e3, 0.25, "big, wide"));
    assertThat(ScalingPointsFile.read(file("\uFEFFname,Error,epochs,Compute\ntiny,0.5,3,100\n")))
        .containsExactly(new ScalingPoint(100, 0.5, "tiny"));
  }

  @Test
  void twoQuotesWithinQuotesAreOne() throws IOException {
    assertThat(ScalingPointsFile.read(file("1,0.5,\"a, \"\"b\"\"\"\n2,0.25,\"\"\n")))
        .containsExactly(new ScalingPoint(1, 0.5, "a, \"b\""), new ScalingPoint(2, 0.25));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1,0.5;x,0.5     | line 2: the compute 'x' is no number",
        "1,0.5;2         | line 2: there are 1 columns",
        "1,0.5;2,23      | line 2: the error cannot be 23.0",
        "1,0.5;0,0.2     | line 2: the compute cannot be 0.0",
        "gflops,loss;1,2 | line 1: the compute 'gflops' is no number",
        "compute,error   | holds no points",
        "#               | holds no points",
      })
  void namesTheLine(String text, String words) throws IOException {
    Path file = file(text.replace(';', '\n'));
    assertThatThrownBy(() -> ScalingPointsFile.read(file))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("points.csv")
        .hasMessageContaining(words);
  }

  @Test
  void refusesWhatIsNoText() throws IOException {
    Path binary = Files.write(folder.resolve("b.csv"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> ScalingPointsFile.read(binary))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("UTF-8");
    assertThatThrownBy(() -> ScalingPointsFile.read(folder))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("is no file");
  }
}
