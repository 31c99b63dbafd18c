package io.github.vit4j.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.vit4j.error.BadInputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfusionMatrixTest {

  @TempDir Path folder;

  private static ConfusionMatrix matrix() {
    ConfusionMatrix matrix = new ConfusionMatrix(List.of("a", "b, or c", "never seen"));
    for (int i = 0; i < 3; i++) {
      matrix.add(0, 0);
    }
    matrix.add(0, 1);
    matrix.add(1, 0);
    matrix.add(1, 1);
    return matrix;
  }

  @Test
  void countsByImageAndByClass() {
    assertThat(matrix().accuracy()).isEqualTo(4.0 / 6, within(1e-12));
    assertThat(matrix().meanClassAccuracy()).isEqualTo((0.75 + 0.5) / 2, within(1e-12));
    assertThat(new ConfusionMatrix(List.of("a")).meanClassAccuracy()).isZero();
  }

  @Test
  void isWrittenAsTableAndPicture() throws IOException {
    Path csv = folder.resolve("confusion.csv");
    Path png = folder.resolve("confusion.png");
    matrix().saveCsv(csv);
    matrix().savePicture(png);
    assertThat(Files.readAllLines(csv))
        .containsExactly(
            "actual\\predicted,a,\"b, or c\",never seen",
            "a,3,1,0",
            "\"b, or c\",1,1,0",
            "never seen,0,0,0");
    BufferedImage image = ImageIO.read(png.toFile());
    assertThat(image.getWidth()).isEqualTo(639);
    assertThat(image.getRGB(638, 638) & 0xffffff).isEqualTo(0xffffff);
    assertThat(image.getRGB(0, 0) & 0xff).isLessThan(image.getRGB(213, 0) & 0xff);
  }

  @Test
  void countsThousandsOfClassesButWritesNoSuchTable() {
    ConfusionMatrix matrix =
        new ConfusionMatrix(IntStream.range(0, 100_000).mapToObj(Integer::toString).toList());
    matrix.add(99_999, 99_999);
    matrix.add(99_999, 7);
    assertThat(matrix.accuracy()).isEqualTo(0.5);
    assertThat(matrix.count(99_999, 7)).isEqualTo(1);
    assertThat(matrix.canBeShown()).isFalse();
    assertThatThrownBy(() -> matrix.saveCsv(folder.resolve("confusion.csv")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("100000 classes");
  }

  @Test
  void refusesClassesThatAreNotThere() {
    assertThatThrownBy(() -> matrix().add(3, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("classes 0 to 2");
    assertThatThrownBy(() -> new ConfusionMatrix(List.of())).isInstanceOf(BadInputException.class);
  }
}
