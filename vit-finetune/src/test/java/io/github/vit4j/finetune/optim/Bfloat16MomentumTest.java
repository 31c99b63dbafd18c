package io.github.vit4j.finetune.optim;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.WithManager;
import io.github.vit4j.model.ViTParameter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Momentum in two bytes a number, beside float32 momentum that Java rounds after each step. */
class Bfloat16MomentumTest extends WithManager {

  /** By how much of a number rounding to 8 significant bits errs at most. */
  private static final double ROUNDING = Math.scalb(1.0, -8);

  private static Optimizer.Builder builder(String name, Fixture fixture) {
    Optimizer.Builder builder =
        switch (name) {
          case "adamw" -> AdamW.builder();
          case "sgd_momentum" -> Sgd.builder();
          case "adafactor_big_vision" -> Optimizer.by(Adafactor.DEFAULT);
          default -> Lamb.builder();
        };
    double decay = name.equals("adamw") ? .05 : .01;
    return builder
        .groups(ParameterGroups.of(fixture.parameters()).weightDecay(decay, p -> true))
        .rate(Fixture.RATE);
  }

  private static NDArray momentum(Optimizer optimizer, ViTParameter p) {
    String slot =
        optimizer.state().containsKey(p.path() + "/exp_avg") ? "exp_avg" : "momentum_buffer";
    return requireNonNull(optimizer.state().get(p.path() + "/" + slot));
  }

  /**
   * The nearest number of 8 significant bits, of two the even one. Plain, and for finite values.
   */
  private static float rounded(float value) {
    int bits = Float.floatToRawIntBits(value);
    int odd = bits >>> 16 & 1;
    return Float.intBitsToFloat(bits + 0x7fff + odd & 0xffff0000);
  }

  private static float[] rounded(NDArray values) {
    float[] all = values.toFloatArray();
    for (int i = 0; i < all.length; i++) {
      all[i] = rounded(all[i]);
    }
    return all;
  }

  private static float[] kept(NDArray packed) {
    ByteBuffer bytes = packed.toByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    float[] values = new float[bytes.remaining() / 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = Float.intBitsToFloat(bytes.getShort(2 * i) << 16);
    }
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"adamw", "sgd_momentum", "lamb", "adafactor_big_vision"})
  void equalsFloat32MomentumThatJavaRoundsAfterEachStep(String name) {
    try (Fixture fixture = new Fixture(manager, name);
        Fixture twin = new Fixture(manager, name);
        Optimizer halved = builder(name, fixture).bfloat16Momentum().build();
        Optimizer plain = builder(name, twin).build()) {
      for (int i = 0; i < Fixture.STEPS; i++) {
        fixture.backward(i);
        halved.step();
        twin.backward(i);
        plain.step();
        for (int k = 0; k < 2; k++) {
          ViTParameter p = fixture.parameters().get(k);
          ViTParameter q = twin.parameters().get(k);
          assertThat(p.array().toFloatArray())
              .as("%s after %d steps", p.path(), i + 1)
              .isEqualTo(q.array().toFloatArray());
          NDArray mean = momentum(plain, q);
          mean.set(rounded(mean));
          assertThat(kept(momentum(halved, p))).isEqualTo(mean.toFloatArray());
        }
      }
    }
  }

  /**
   * What rounding may do to big_vision's trajectory. Each step rounds a momentum of at most M,
   * which errs by M / 256 at most, and takes over nine tenths of the errors before: the momentum of
   * step t errs by {@code E(t) = .9 (E(t - 1) + M(t - 1) / 256)}, and the weights by the sum of
   * {@code rate E}. That the gradients then are those of slightly other weights is of second order
   * and stays well within what is left, since rounding errors do not all have one sign.
   */
  @Test
  void adafactorKeepsToBigVisionsTrajectoryWithinTheRounding() {
    String name = "adafactor_big_vision";
    try (Fixture fixture = new Fixture(manager, name);
        Fixture exact = new Fixture(manager, name);
        Optimizer halved = builder(name, fixture).bfloat16Momentum().build();
        Optimizer plain = builder(name, exact).build()) {
      double[] error = new double[2];
      double[] bound = new double[2];
      double[] largest = new double[2];
      double worst = 0;
      for (int i = 0; i < Fixture.STEPS; i++) {
        fixture.backward(i);
        halved.step();
        exact.backward(i);
        plain.step();
        for (int k = 0; k < 2; k++) {
          ViTParameter p = fixture.parameters().get(k);
          error[k] = .9 * (error[k] + ROUNDING * largest[k]);
          bound[k] += Fixture.RATE * error[k];
          largest[k] = momentum(plain, exact.parameters().get(k)).abs().max().getFloat();
          float[] expected = exact.expected(p, i + 1);
          float[] found = p.array().toFloatArray();
          for (int j = 0; j < found.length; j++) {
            double off = Math.abs(found[j] - expected[j]);
            assertThat(off).as("%s after %d steps", p.path(), i + 1).isLessThan(bound[k] + 1e-6);
            worst = Math.max(worst, off);
          }
        }
      }
      assertThat(worst).as("it is bfloat16 indeed").isGreaterThan(1e-5);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"adamw", "adafactor_big_vision"})
  void aRestoredOptimizerGoesOnBitForBit(String name) {
    try (Fixture fixture = new Fixture(manager, name);
        Fixture other = new Fixture(manager, name);
        Optimizer first = builder(name, fixture).bfloat16Momentum().build();
        Optimizer second = builder(name, other).bfloat16Momentum().build()) {
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
      assertThat(other.weight.array().toFloatArray())
          .isEqualTo(fixture.weight.array().toFloatArray());
      assertThat(momentum(second, other.bias).toByteArray())
          .isEqualTo(momentum(first, fixture.bias).toByteArray());
    }
  }

  @Test
  void whatIsKeptTakesHalfAndSaysSo() {
    try (Fixture fixture = new Fixture(manager, "adamw");
        Optimizer halved = builder("adamw", fixture).bfloat16Momentum().build();
        Optimizer plain = builder("adamw", fixture).build()) {
      Shape shape = fixture.weight.shape();
      NDArray mean = momentum(halved, fixture.weight);
      assertThat(mean.getDataType()).isEqualTo(DataType.UINT8);
      assertThat(mean.getShape()).isEqualTo(new Shape(shape.get(0), 2 * shape.get(1)));
      assertThat(requireNonNull(halved.state().get("W/exp_avg_sq")).getDataType())
          .isEqualTo(DataType.FLOAT32);
      assertThatThrownBy(() -> plain.restore(halved.state()))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("momentum of another type");
      assertThatThrownBy(() -> halved.restore(plain.state())).isInstanceOf(BadInputException.class);
    }
  }

  @Test
  void nothingIsLeftBehindByAStep() {
    try (Fixture fixture = new Fixture(manager, "adafactor_big_vision");
        Optimizer halved = builder("adafactor_big_vision", fixture).bfloat16Momentum().build()) {
      fixture.backward(0);
      halved.step();
      int before = Managed.by(manager);
      for (int i = 1; i < 5; i++) {
        fixture.backward(i);
        halved.step();
      }
      assertThat(Managed.by(manager)).isEqualTo(before);
    }
  }

  /** Ties, the largest number, tiny ones, infinities; and shapes down to a single number. */
  @Test
  void roundsAsIeeeDoes() {
    float[] values = {
      1,
      -1,
      0,
      -0f,
      1.00390625f,
      1.01171875f,
      1.0039063f,
      Float.MAX_VALUE,
      Float.MIN_VALUE,
      1e-40f,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      3.14159265f,
      -2.7182818f
    };
    NDArray packed = manager.zeros(Bfloat16.packed(new Shape(values.length)), DataType.UINT8);
    Bfloat16.pack(packed, manager.create(values));
    float[] back = Bfloat16.widened(packed, new Shape(values.length)).toFloatArray();
    for (int i = 0; i < values.length; i++) {
      assertThat(back[i]).isEqualTo(rounded(values[i]));
    }
    NDArray one = manager.zeros(Bfloat16.packed(new Shape()), DataType.UINT8);
    Bfloat16.pack(one, manager.create(1.5f));
    assertThat(Bfloat16.widened(one, new Shape()).getFloat()).isEqualTo(1.5f);
  }

  @Test
  void aRuleWithoutMomentumIsRefused() {
    assertThatThrownBy(() -> Optimizer.by(new Sgd(0, false)).bfloat16Momentum())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("keeps no momentum");
  }
}
