package io.github.vit4j.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CurvesTest {

  @TempDir Path folder;

  @Test
  void drawsWhereThereAreFonts() throws IOException {
    Path file = folder.resolve("curves.png");
    boolean drawn =
        Curves.of("Accuracy", "epoch", "top-1 (%)")
            .curve("full", List.of(1.0, 2.0, 3.0), List.of(10.0, Double.NaN, 30.0))
            .curve("attention", List.of(1.0, 2.0), List.of(9.0, 20.0), List.of(1.0, 0.5))
            .curve("nothing", List.of(), List.of())
            .save(file);
    assertThat(Files.exists(file)).isEqualTo(drawn);
    if (drawn) {
      assertThat(ImageIO.read(file.toFile()).getWidth()).isEqualTo(900);
    }
  }

  @Test
  void drawsPointsAndBandsOnLogarithmicAxes() throws IOException {
    Path file = folder.resolve("law.png");
    List<Double> x = List.of(1.0, 10.0, 100.0);
    boolean drawn =
        Curves.of("Law", "compute", "error")
            .logarithmicX()
            .logarithmicY()
            .points("runs", List.of(10.0, 1.0), List.of(0.3, 0.5))
            .line("law", x, List.of(0.5, 0.3, 0.2))
            .band("interval", x, List.of(0.4, 0.2, 0.1), List.of(0.6, 0.4, 0.3))
            .save(file);
    assertThat(Files.exists(file)).isEqualTo(drawn);
  }

  @Test
  void refusesListsThatDiffer() {
    assertThatThrownBy(() -> Curves.of("", "", "").curve("a", List.of(1.0), List.of()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("1 x, 0 y");
  }
}
