package io.github.vit4j.finetune.optim;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.WithManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trajectories as other implementations walked them, and what happens beside the way. */
class OptimizerTest extends WithManager {

  private static NDArray at(Optimizer optimizer, String name) {
    return requireNonNull(optimizer.state().get(name));
  }

  /** The reference decays the bias as well. */
  private static Optimizer build(String name, Fixture fixture) {
    Optimizer.Builder builder =
        switch (name) {
          case "adamw" -> AdamW.builder();
          case "sgd_momentum" -> Sgd.builder();
          case "adafactor_big_vision" -> Optimizer.by(Adafactor.DEFAULT);
          default -> Lamb.builder();
        };
    double decay =
        switch (name) {
          case "adamw" -> .05;
          case "sgd_momentum" -> 1e-4;
          case "adafactor_big_vision" -> .01;
          default -> .02;
        };
    return builder
        .groups(ParameterGroups.of(fixture.parameters()).weightDecay(decay, p -> true))
        .rate(Fixture.RATE)
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"adamw", "sgd_momentum", "lamb", "adafactor_big_vision"})
  void walksTheReferencesTrajectory(String name) {
    try (Fixture fixture = new Fixture(manager, name);
        Optimizer optimizer = build(name, fixture)) {
      for (int i = 0; i < Fixture.STEPS; i++) {
        fixture.backward(i);
        StepReport report = optimizer.step();
        assertThat(report.taken()).isTrue();
        assertThat(report.gradientNorm()).isPositive();
        for (var p : fixture.parameters()) {
          assertThat(p.array().toFloatArray())
              .as("%s after %d steps", p.path(), i + 1)
              .containsExactly(fixture.expected(p, i + 1), within(1e-6f));
        }
      }
      assertThat(optimizer.steps()).isEqualTo(Fixture.STEPS);
    }
  }

  /** {@code adamw.step} stands inside the step in callers' code, while gradients are recorded. */
  @Test
  void stepsWhileGradientsAreRecorded() {
    for (String name : List.of("adamw", "sgd_momentum", "lamb", "adafactor_big_vision")) {
      try (Fixture fixture = new Fixture(manager, name);
          Optimizer optimizer = build(name, fixture)) {
        for (int i = 0; i < 2; i++) {
          try (TrainingStep step = TrainingStep.begin(manager)) {
            step.backward(fixture.loss(step, i));
            optimizer.step(Fixture.RATE);
          }
        }
        assertThat(fixture.weight.array().toFloatArray())
            .as(name)
            .containsExactly(fixture.expected(fixture.weight, 2), within(1e-6f));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"adamw", "sgd_momentum", "lamb", "adafactor_big_vision"})
  void aRestoredOptimizerGoesOnBitForBit(String name) {
    try (Fixture fixture = new Fixture(manager, name);
        Fixture other = new Fixture(manager, name);
        Optimizer first = build(name, fixture);
        Optimizer second = build(name, other)) {
      for (int i = 0; i < 5; i++) {
        fixture.backward(i);
        first.step();
      }
      second.restore(first.state());
      other.weight.array().set(fixture.weight.array().toFloatArray());
      other.bias.array().set(fixture.bias.array().toFloatArray());

      for (int i = 5; i < Fixture.STEPS; i++) {
        fixture.backward(i);
        first.step();
        other.backward(i);
        second.step();
      }

      assertThat(second.steps()).isEqualTo(Fixture.STEPS);
      assertThat(other.weight.array().toFloatArray())
          .isEqualTo(fixture.weight.array().toFloatArray());
      assertThat(other.bias.array().toFloatArray()).isEqualTo(fixture.bias.array().toFloatArray());
    }
  }

  @Test
  void stateIsNamedByPath() {
    try (Fixture fixture = new Fixture(manager, "adamw");
        Optimizer adamw = build("adamw", fixture)) {
      assertThat(adamw.state().keySet())
          .containsExactly("step", "W/exp_avg", "W/exp_avg_sq", "b/exp_avg", "b/exp_avg_sq");
    }
    try (Fixture fixture = new Fixture(manager, "sgd_momentum");
        Optimizer sgd = build("sgd_momentum", fixture)) {
      assertThat(sgd.state().keySet())
          .containsExactly("step", "W/momentum_buffer", "b/momentum_buffer");
    }
  }

  @Test
  void aStateThatDoesNotFitChangesNothing() {
    try (Fixture fixture = new Fixture(manager, "adamw");
        Optimizer adamw = build("adamw", fixture)) {
      fixture.backward(0);
      adamw.step();
      float[] mean = at(adamw, "W/exp_avg").toFloatArray();
      Map<String, NDArray> good = new HashMap<>(adamw.state());
      good.put("W/exp_avg", manager.zeros(at(adamw, "W/exp_avg").getShape()));

      Map<String, NDArray> lacking = new HashMap<>(good);
      lacking.remove("b/exp_avg_sq");
      Map<String, NDArray> other = new HashMap<>(good);
      other.put("c/exp_avg", manager.create(1f));
      Map<String, NDArray> shaped = new HashMap<>(good);
      shaped.put("b/exp_avg_sq", manager.create(1f));

      for (Map<String, NDArray> bad : List.of(lacking, other, shaped)) {
        assertThatThrownBy(() -> adamw.restore(bad))
            .isInstanceOf(BadInputException.class)
            .hasMessageContaining("optimiser's state");
        assertThat(at(adamw, "W/exp_avg").toFloatArray()).isEqualTo(mean);
        assertThat(adamw.steps()).isEqualTo(1);
      }
      adamw.restore(good);
      assertThat(at(adamw, "W/exp_avg").toFloatArray()).containsOnly(0f);
    }
  }

  @Test
  void aGradientThatIsNoNumberMovesNothing() {
    for (String name : List.of("adamw", "sgd_momentum", "lamb", "adafactor_big_vision")) {
      try (Fixture fixture = new Fixture(manager, name);
          Optimizer optimizer = build(name, fixture)) {
        fixture.backward(0);
        optimizer.step();
        float[] weight = fixture.weight.array().toFloatArray();
        for (float evil : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
          try (TrainingStep step = TrainingStep.begin(manager)) {
            step.backward(fixture.loss(step, 1).mul(step.manager().full(new Shape(), evil)));
          }

          StepReport report = optimizer.step();

          assertThat(report.taken()).isFalse();
          assertThat(report.gradientNorm()).isNotFinite();
          assertThat(fixture.weight.array().toFloatArray()).isEqualTo(weight);
          assertThat(fixture.weight.array().getGradient().toFloatArray()).containsOnly(0f);
          assertThat(optimizer.steps()).isEqualTo(1);
        }
        fixture.backward(1);
        assertThat(optimizer.step().taken()).isTrue();
        assertThat(fixture.weight.array().toFloatArray())
            .containsExactly(fixture.expected(fixture.weight, 2), within(1e-6f));
      }
    }
  }

  @Test
  void clipsToTheGlobalNorm() {
    try (Fixture fixture = new Fixture(manager, "adamw");
        Optimizer sgd =
            Optimizer.by(new Sgd(0, false))
                .groups(ParameterGroups.of(fixture.parameters()))
                .clipNorm(.5)
                .build()) {
      fixture.backward(0);
      float[] w = fixture.weight.array().getGradient().toFloatArray();
      float[] b = fixture.bias.array().getGradient().toFloatArray();
      double norm = 0;
      for (float[] part : List.of(w, b)) {
        for (float g : part) {
          norm += (double) g * g;
        }
      }
      norm = Math.sqrt(norm);
      float[] before = fixture.weight.array().toFloatArray();

      StepReport report = sgd.step(1);

      assertThat(report.gradientNorm()).isEqualTo(norm, within(1e-5));
      float[] after = fixture.weight.array().toFloatArray();
      for (int i = 0; i < w.length; i++) {
        assertThat(after[i]).isEqualTo((float) (before[i] - w[i] * .5 / norm), within(1e-6f));
      }
    }
  }

  /** Two steps of torch.optim.SGD(momentum=.9, nesterov=True, lr=.1) on gradients 1 and 2. */
  @Test
  void nesterovLooksAhead() {
    try (Fixture fixture = new Fixture(manager, "adamw");
        Optimizer sgd =
            Optimizer.by(new Sgd(.9, true))
                .groups(ParameterGroups.of(List.of(fixture.bias)))
                .rate(.1)
                .build()) {
      fixture.bias.array().subi(fixture.bias.array().duplicate());
      for (int g = 1; g <= 2; g++) {
        try (TrainingStep step = TrainingStep.begin(manager)) {
          step.backward(fixture.bias.array().sum(), g);
        }
        sgd.step();
      }
      // buffers 1, 2.9; directions 1.9, 4.61
      assertThat(fixture.bias.array().getFloat(3)).isEqualTo(-.651f, within(1e-6f));
    }
  }

  @Test
  void gradientsOfSeveralPassesAddUp() {
    try (Fixture whole = new Fixture(manager, "adamw");
        Fixture parts = new Fixture(manager, "adamw");
        Optimizer one = build("sgd_momentum", whole);
        Optimizer other = build("sgd_momentum", parts)) {
      for (int round = 0; round < 2; round++) {
        try (TrainingStep step = TrainingStep.begin(manager)) {
          step.backward(whole.loss(step, 0).add(whole.loss(step, 1)), .5);
        }
        one.step();
        for (int i = 0; i < 2; i++) {
          try (TrainingStep step = TrainingStep.begin(manager)) {
            step.backward(parts.loss(step, i), .5);
          }
        }
        other.step();
      }
      assertThat(parts.weight.array().toFloatArray())
          .containsExactly(whole.weight.array().toFloatArray(), within(1e-6f));
    }
  }

  @Test
  void whatWasFrozenSinceStays() {
    try (Fixture fixture = new Fixture(manager, "adamw");
        Optimizer adamw = build("adamw", fixture)) {
      fixture.bias.parameter().freeze(true);
      float[] bias = fixture.bias.array().toFloatArray();
      fixture.backward(0);

      assertThat(adamw.step().taken()).isTrue();

      assertThat(fixture.bias.array().toFloatArray()).isEqualTo(bias);
      assertThat(fixture.weight.array().toFloatArray())
          .containsExactly(fixture.expected(fixture.weight, 1), within(1e-6f));
    }
  }

  @Test
  void impossibleChoicesAreRefused() {
    try (Fixture fixture = new Fixture(manager, "adamw")) {
      List<ParameterGroup> twice =
          List.of(
              new ParameterGroup(fixture.parameters(), 1, 0),
              new ParameterGroup(List.of(fixture.bias), 1, 0));
      assertThatThrownBy(() -> AdamW.builder().groups(twice).build())
          .isInstanceOf(BadInputException.class)
          .hasMessage("b stands in the groups twice; give it once");
      assertThatThrownBy(() -> AdamW.builder().build())
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith("there is nothing to train");
      assertThatThrownBy(() -> AdamW.builder().clipNorm(0)).isInstanceOf(BadInputException.class);
      assertThatThrownBy(() -> AdamW.over(fixture.parameters(), Double.NaN))
          .isInstanceOf(BadInputException.class);
    }
  }
}
