package io.github.vit4j.finetune.augment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrawTest {

  private static final int DRAWS = 200_000;

  @Test
  void gaussianHasItsMomentsAndQuantiles() {
    SplittableRandom random = RandomStreams.of(1);
    double[] sorted = sorted(() -> Draw.gaussian(random));

    assertThat(Arrays.stream(sorted).average().orElseThrow()).isCloseTo(0, within(0.01));
    assertThat(quantile(sorted, 0.8413)).isCloseTo(1, within(0.02));
    assertThat(quantile(sorted, 0.0228)).isCloseTo(-2, within(0.03));
  }

  /** Quantiles from scipy.stats.beta(a, a).ppf. */
  @ParameterizedTest
  @CsvSource({
    "0.1, 0.2, 9.0815e-5, 0.10",
    "0.1, 0.35, 0.0239856, 0.03",
    "0.2, 0.3, 0.0578806, 0.03",
    "0.8, 0.1, 0.0710504, 0.03",
    "0.8, 0.25, 0.2192948, 0.02",
    "1.0, 0.37, 0.37, 0.02",
    "2.0, 0.25, 0.3263518, 0.02",
    "7.5, 0.9, 0.6635507, 0.02"
  })
  void betaHasScipysQuantiles(double alpha, double p, double expected, double tolerance) {
    SplittableRandom random = RandomStreams.of(2);
    double[] sorted = sorted(() -> Draw.beta(alpha, random));

    assertThat(quantile(sorted, p)).isCloseTo(expected, within(tolerance * expected));
    assertThat(quantile(sorted, 1 - p)).isCloseTo(1 - expected, within(tolerance * expected));
    assertThat(sorted[0]).isNotNegative();
    assertThat(sorted[DRAWS - 1]).isLessThanOrEqualTo(1);
  }

  @Test
  void wholeNumbersAreEven() {
    SplittableRandom random = RandomStreams.of(3);
    int[] counts = new int[7];
    for (int i = 0; i < DRAWS; i++) {
      counts[Draw.below(7, random)]++;
    }

    for (int count : counts) {
      assertThat(count).isCloseTo(DRAWS / 7, within(700));
    }
  }

  @Test
  void streamsDependOnEveryPartOfTheKeyAndItsPlace() {
    Set<Long> seeds = new HashSet<>();
    for (long seed = 0; seed < 10; seed++) {
      for (long epoch = 0; epoch < 20; epoch++) {
        for (long sample = 0; sample < 100; sample++) {
          seeds.add(RandomStreams.seed(seed, epoch, sample));
        }
      }
    }
    seeds.add(RandomStreams.seed(0, 1));

    assertThat(seeds).hasSize(10 * 20 * 100 + 1);
    assertThat(RandomStreams.of(5, 1, 2).nextLong())
        .isEqualTo(RandomStreams.of(5, 1, 2).nextLong());
  }

  @Test
  void streamsOfNeighboursAreUnrelated() {
    double product = 0;
    for (int i = 0; i < DRAWS; i++) {
      double here = RandomStreams.of(0, 3, i).nextDouble() - 0.5;
      double next = RandomStreams.of(0, 3, i + 1).nextDouble() - 0.5;
      product += here * next;
    }

    // the correlation of as many independent pairs deviates by 0.0022
    assertThat(product / DRAWS * 12).isCloseTo(0, within(0.01));
  }

  private static double[] sorted(DoubleSupplier draw) {
    double[] values = new double[DRAWS];
    Arrays.setAll(values, i -> draw.getAsDouble());
    Arrays.sort(values);
    return values;
  }

  private static double quantile(double[] sorted, double p) {
    return sorted[(int) (p * sorted.length)];
  }
}
