package io.github.vit4j.finetune.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.github.vit4j.ViT;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adafactor on matrices that lie and stand, beside sums in plain Java. */
class AdafactorTest {

  private static final double RATE = .01;
  private static final double DECAY = .1;

  private static ViTParameter parameter(Shape shape) {
    Parameter parameter =
        Parameter.builder().setName("w").setType(Parameter.Type.WEIGHT).optShape(shape).build();
    return new ViTParameter("w", Role.HEAD, -1, -1, parameter);
  }

  private static double[] noise(int count, int seed) {
    return new Random(seed).doubles(count, -1, 1).map(v -> (float) v).toArray();
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Rows are averaged by row, columns by column, whichever side is the longer one. */
  @ParameterizedTest
  @CsvSource({"36,50", "50,36", "40,40"})
  void aMatrixIsFactoredByItsRowsAndColumns(int rows, int columns) {
    double[] weight = noise(rows * columns, 1);
    double[] mean = new double[weight.length];
    double[] byRow = new double[rows];
    double[] byColumn = new double[columns];
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      ViTParameter p = parameter(new Shape(rows, columns));
      NDArray values = manager.create(floats(weight), new Shape(rows, columns));
      Map<String, NDArray> slots = new LinkedHashMap<>();
      Adafactor.DEFAULT.slots(p).forEach((name, shape) -> slots.put(name, manager.zeros(shape)));
      for (int step = 1; step <= 3; step++) {
        double[] gradient = noise(rows * columns, 10 + step);
        plainStep(weight, gradient, mean, byRow, byColumn, step);
        Adafactor.DEFAULT.apply(
            new UpdateRule.Update(
                values,
                manager.create(floats(gradient), new Shape(rows, columns)),
                slots,
                RATE,
                DECAY,
                step));
      }
      assertThat(values.toFloatArray()).containsExactly(floats(weight), within(1e-6f));
    }
  }

  private static void plainStep(
      double[] weight,
      double[] gradient,
      double[] mean,
      double[] byRow,
      double[] byColumn,
      int step) {
    double beta2 = Math.min(.999, 1 - Math.pow(step, -.8));
    int columns = byColumn.length;
    double[] rowSquares = new double[byRow.length];
    double[] columnSquares = new double[columns];
    for (int i = 0; i < gradient.length; i++) {
      double square = gradient[i] * gradient[i] + 1e-30;
      rowSquares[i / columns] += square / columns;
      columnSquares[i % columns] += square / byRow.length;
    }
    double meanRow = 0;
    for (int r = 0; r < byRow.length; r++) {
      byRow[r] = beta2 * byRow[r] + (1 - beta2) * rowSquares[r];
      meanRow += byRow[r] / byRow.length;
    }
    for (int c = 0; c < columns; c++) {
      byColumn[c] = beta2 * byColumn[c] + (1 - beta2) * columnSquares[c];
    }
    for (int i = 0; i < gradient.length; i++) {
      double variance = byRow[i / columns] * byColumn[i % columns] / meanRow;
      mean[i] = .9 * mean[i] + .1 * gradient[i] / Math.sqrt(variance);
      weight[i] = weight[i] * (1 - RATE * DECAY) - RATE * mean[i];
    }
  }

  @Test
  void keepsLittleBesideTheMeanGradient() {
    assertThat(Adafactor.DEFAULT.slots(parameter(new Shape(100, 64))))
        .containsOnly(
            Map.entry("exp_avg", new Shape(100, 64)),
            Map.entry("exp_avg_sq_r", new Shape(1, 64)),
            Map.entry("exp_avg_sq_c", new Shape(100, 1)));
    assertThat(Adafactor.DEFAULT.slots(parameter(new Shape(64, 3, 16, 48))))
        .containsEntry("exp_avg_sq_r", new Shape(1, 3, 16, 48))
        .containsEntry("exp_avg_sq_c", new Shape(64, 3, 16, 1));
    assertThat(Adafactor.DEFAULT.slots(parameter(new Shape(100, 31))))
        .containsOnlyKeys("exp_avg", "exp_avg_sq");
    assertThat(Adafactor.DEFAULT.slots(parameter(new Shape(100))))
        .containsOnlyKeys("exp_avg", "exp_avg_sq");
  }

  @Test
  void thePapersDecayOfHeadAndBody() {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      VisionTransformer vit =
          ViT.builder().imageSize(16).patchSize(8).width(32).depth(1).heads(2).classes(3).build();
      vit.initialize(manager);
      try (Optimizer adafactor = Adafactor.over(vit.trainable(), 1e-3)) {
        assertThat(decay(adafactor.groups(), "head.weight")).isEqualTo(3);
        assertThat(decay(adafactor.groups(), "head.bias")).isZero();
        assertThat(decay(adafactor.groups(), "qkv.weight")).isEqualTo(.03);
        assertThat(decay(adafactor.groups(), "pos_embed")).isZero();
      }
    }
  }

  private static double decay(List<ParameterGroup> groups, String path) {
    return groups.stream()
        .filter(g -> g.parameters().stream().anyMatch(p -> p.path().endsWith(path)))
        .mapToDouble(ParameterGroup::weightDecay)
        .findFirst()
        .orElseThrow(() -> new AssertionError(path + " is in no group"));
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThatThrownBy(() -> new Adafactor(1, .999, .8, 32))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("a momentum of 1.0 is not possible; give 0 to below 1");
    assertThatThrownBy(() -> new Adafactor(.9, 1, .8, 32)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new Adafactor(.9, .9, 0, 32)).isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> new Adafactor(.9, .9, .8, 1)).isInstanceOf(BadInputException.class);
  }
}
