package io.github.vit4j.finetune.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsFileTest {

  @TempDir Path folder;

  @Test
  void keepsRowsOfARunThatGoesOnAndDropsThoseItRepeats() throws IOException {
    Path file = folder.resolve("metrics.csv");
    MetricsFile first = new MetricsFile(file, List.of("loss", "top1"));
    first.add(1, Map.of("loss", 2.5, "top1", 10.0));
    first.add(2, Map.of("loss", 2.0));
    first.add(3, Map.of("loss", 1.5));
    MetricsFile again = new MetricsFile(file, List.of("loss", "top1"));
    assertThat(again.rows()).hasSize(3);
    again.add(2, Map.of("loss", 1.75, "top1", 20.0));
    assertThat(Files.readAllLines(file))
        .containsExactly("epoch,loss,top1", "1,2.5,10.0", "2,1.75,20.0");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void refusesOtherMetricsAndBrokenFiles() throws IOException {
    Path file = Files.writeString(folder.resolve("m.csv"), "epoch,loss\n1,x\n");
    assertThatThrownBy(() -> new MetricsFile(file, List.of("loss")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("1,x");
    assertThatThrownBy(() -> new MetricsFile(file, List.of("top1")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("epoch,top1");
    MetricsFile fresh = new MetricsFile(folder.resolve("n.csv"), List.of("loss"));
    assertThatThrownBy(() -> fresh.add(1, Map.of("los", 1.0)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'los'");
  }
}
