package io.github.vit4j.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The libraries' own numbers: PyTorch 2.13's interpolate, SciPy 1.17's zoom of order 1, timm 1.0's
 * resize_rel_pos_bias_table.
 */
class AxisWeightsTest {

  private static final double[] SAMPLES = {1, -2, 3, 5, .5};

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          CUBIC_ANTIALIASED | -0.4615385 2.4279070 2.5846154
          CUBIC | -0.2222222 3.0000000 2.0277778
          CUBIC_OFFSET | -0.1018984 2.5588066 2.7614422
          LINEAR | -0.0000000 3.0000000 2.0000000
          LINEAR_CORNERS | 1.0000000 3.0000000 0.5000000
          CUBIC_ANTIALIASED | 0.1744911 -0.2780854 4.6611946 1.4526381
          CUBIC | 0.6352539 -0.6596680 5.1032715 0.9907227
          CUBIC_OFFSET | 0.6877117 -0.8902988 4.9872583 1.4970927
          LINEAR | 0.6250000 -0.1250000 4.2500000 1.0625000
          LINEAR_CORNERS | 1.0000000 -0.3333333 4.3333333 0.5000000
          CUBIC_ANTIALIASED | 1.2158672 -0.4361228 -1.9017334 1.3905029 4.0647583 5.0590210 2.3772691 0.1761993
          CUBIC | 1.2785034 -0.6931763 -1.8806763 1.1655884 4.3652039 5.0997620 2.5956421 0.0822449
          CUBIC_OFFSET | 1.2815411 -0.6411513 -1.9228445 0.9989815 4.2423911 5.1479273 2.8702631 0.1685742
          LINEAR | 1.0000000 -0.3125000 -1.6875000 1.4375000 3.6250000 4.8750000 2.4687500 0.5000000
          LINEAR_CORNERS | 1.0000000 -0.7142857 -1.2857143 1.5714286 3.5714286 4.7142857 3.0714286 0.5000000
          CUBIC_ANTIALIASED | 1.6081594
          CUBIC | 3.0000000
          CUBIC_OFFSET | 1.6900122
          LINEAR | 3.0000000
          LINEAR_GEOMETRIC | -2.0000000 3.0000000 5.0000000
          LINEAR_GEOMETRIC | 1.0000000 0.0000013 -2.0000000 3.0000000 5.0000000 1.9999981 0.5000000
          LINEAR_GEOMETRIC | 1.0000000 1.0000000 1.0000000 1.0000000 0.0000013 -2.0000000 3.0000000 5.0000000 1.9999981 0.5000000 0.5000000 0.5000000 0.5000000
          LINEAR_GEOMETRIC | 3.0000000
          """)
  void equalsTheLibrary(AxisWeights axis, String expected) {
    double[] theirs = Arrays.stream(expected.split(" ")).mapToDouble(Double::parseDouble).toArray();

    double[][] weights = axis.of(SAMPLES.length, theirs.length);

    for (int i = 0; i < theirs.length; i++) {
      double ours = 0;
      for (int j = 0; j < SAMPLES.length; j++) {
        ours += weights[i][j] * SAMPLES[j];
      }
      assertThat(ours).isEqualTo(theirs[i], within(1e-6));
    }
  }

  @ParameterizedTest
  @EnumSource
  void weightsSumToOne(AxisWeights axis) {
    for (int from = 1; from < 7; from++) {
      for (int to = 1; to < 9; to++) {
        for (double[] row : axis.of(from, to)) {
          assertThat(row).hasSize(from);
          assertThat(Arrays.stream(row).sum()).isEqualTo(1, within(1e-12));
        }
      }
    }
  }

  /** BEiT's tables of 224 pixels in patches of 16, at 384. */
  @Test
  void tablesOfALargerImageEqualTimms() {
    double[][] weights = AxisWeights.LINEAR_GEOMETRIC.of(27, 47);

    assertThat(weights[1][0]).isEqualTo(.64569, within(1e-5));
    assertThat(weights[1][1]).isEqualTo(.35431, within(1e-5));
    assertThat(weights[10][4]).isEqualTo(.981058, within(1e-5));
    assertThat(weights[10][5]).isEqualTo(.018942, within(1e-5));
    assertThat(weights[40][23]).isEqualTo(.248222, within(1e-5));
    assertThat(weights[46][26]).isEqualTo(1, within(1e-5));
  }

  @Test
  void cornersStayCorners() {
    double[][] weights = AxisWeights.LINEAR_CORNERS.of(5, 8);

    assertThat(weights[0]).containsExactly(1, 0, 0, 0, 0);
    assertThat(weights[7]).containsExactly(0, 0, 0, 0, 1);
  }
}
