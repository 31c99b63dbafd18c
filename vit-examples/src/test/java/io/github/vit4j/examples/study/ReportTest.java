package io.github.vit4j.examples.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.vit4j.finetune.train.EpochMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a study leaves of its trials. */
class ReportTest {

  @TempDir Path folder;

  private static Outcome outcome(String variant, long seed, double... top1) {
    List<EpochMetrics> epochs =
        IntStream.range(0, top1.length)
            .mapToObj(
                i -> new EpochMetrics(i + 1, 1e-4, 2.5, 30, 2, top1[i], 90, 40, 1, 0, 100, 12.4))
            .toList();
    return new Outcome(variant, seed, 1_000_000, 250_000, epochs, 60, 8, 1 << 20, 2_000, 4_000_000);
  }

  private final List<Outcome> outcomes =
      List.of(
          outcome("full", 0, 40, 50),
          outcome("attention", 0, 41, 49.5),
          outcome("full", 1, 44, 54));

  @Test
  void aRowHoldsMeanAndSpreadOfTheLastEpoch() {
    assertThat(new Report(outcomes).table().lines().skip(2))
        .containsExactly(
            "| full | 2 | 52.00 ± 2.83 | 60.00 ± 0.00 | 1.00 | 25.0 | 8 | 1 | 0.00 | 4.00 |",
            "| attention | 1 | 49.50 | 60.00 | 1.00 | 25.0 | 8 | 1 | 0.00 | 4.00 |");
  }

  @Test
  void theLogHoldsEveryEpoch() {
    assertThat(new Report(outcomes).log().lines())
        .hasSize(7)
        .contains("full,1,2,0.000100,2.5000,30.00,2.0000,54.00,90.00,40.00,12");
  }

  @Test
  void outcomesAreReadBackAsTheyWereWritten() {
    assertThat(Outcome.read(folder)).isEmpty();
    outcomes.get(0).write(folder);
    assertThat(Outcome.read(folder)).contains(outcomes.get(0));
  }

  @Test
  void tableLogAndPlotAreWritten() {
    new Report(outcomes).save("A study", folder);
    for (String name : List.of("table.md", "epochs.csv", "curves.png")) {
      assertThat(Files.exists(folder.resolve(name))).as(name).isTrue();
    }
  }
}
