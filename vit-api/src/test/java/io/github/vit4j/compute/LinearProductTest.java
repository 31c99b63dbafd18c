package io.github.vit4j.compute;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import io.github.vit4j.WithManager;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Both routes give the product that a plain loop gives, and its gradients. */
class LinearProductTest extends WithManager {

  private NDArray normal(long seed, long... shape) {
    Random random = new Random(seed);
    Shape s = new Shape(shape);
    float[] values = new float[Math.toIntExact(s.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return manager.create(values, s);
  }

  @ParameterizedTest
  @CsvSource({"ENGINE, true", "ENGINE, false", "ONEDNN, true", "ONEDNN, false"})
  void isXTimesWeightTransposedPlusBias(LinearRoute route, boolean biased) {
    NDArray x = normal(1, 2, 3, 4);
    NDArray w = normal(2, 5, 4);
    NDArray b = biased ? normal(3, 5) : null;

    NDArray y = LinearProduct.of(x, w, b, route);

    assertThat(y.getShape()).isEqualTo(new Shape(2, 3, 5));
    for (int i = 0; i < 2; i++) {
      for (int t = 0; t < 3; t++) {
        for (int n = 0; n < 5; n++) {
          double sum = b == null ? 0 : b.getFloat(n);
          for (int k = 0; k < 4; k++) {
            sum += (double) x.getFloat(i, t, k) * w.getFloat(n, k);
          }
          assertThat(y.getFloat(i, t, n)).isEqualTo((float) sum, within(1e-5f));
        }
      }
    }
  }

  /** The engine keeps convolutions of small inputs to itself, so most of these are larger. */
  @ParameterizedTest
  @CsvSource({
    "1, 197, 192, 576, true",
    "2, 197, 192, 576, true",
    "4, 50, 384, 128, false",
    "1, 1, 384, 1000, true",
    "3, 7, 8, 5, true",
    "0, 128, 768, 192, true",
    "0, 1, 384, 1000, false",
    "0, 33, 1024, 384, true"
  })
  void theRoutesAgree(int batch, int tokens, int in, int out, boolean biased) {
    NDArray x = batch == 0 ? normal(1, tokens, in) : normal(1, batch, tokens, in);
    NDArray w = normal(2, out, in);
    NDArray b = biased ? normal(3, out) : null;

    List<float[]> engine = forwardAndGradients(x, w, b, LinearRoute.ENGINE);
    List<float[]> oneDnn = forwardAndGradients(x, w, b, LinearRoute.ONEDNN);

    // two float32 sums of n terms in another order differ by about sqrt(n) roundings of 2^-24
    double rounding = Math.max(1e-6, Math.sqrt(in) * 0x1p-24);
    for (int i = 0; i < engine.size(); i++) {
      agree(oneDnn.get(i), engine.get(i), rounding);
    }
    assertThat(engine).hasSize(biased ? 4 : 3);
    assertThat(engine.get(0)).hasSize(Math.max(1, batch) * tokens * out);
  }

  private List<float[]> forwardAndGradients(
      NDArray givenX, NDArray givenW, @Nullable NDArray givenB, LinearRoute route) {
    List<float[]> results = new ArrayList<>();
    try (NDManager scope = manager.newSubManager()) {
      List<NDArray> leaves = new ArrayList<>();
      for (NDArray given :
          givenB == null ? List.of(givenX, givenW) : List.of(givenX, givenW, givenB)) {
        NDArray leaf = given.duplicate();
        leaf.attach(scope);
        leaf.setRequiresGradient(true);
        leaves.add(leaf);
      }
      NDArray b = leaves.size() > 2 ? leaves.get(2) : null;
      try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
        NDArray y = LinearProduct.of(leaves.get(0), leaves.get(1), b, route);
        results.add(y.toFloatArray());
        collector.backward(y.square().mean());
      }
      leaves.forEach(leaf -> results.add(leaf.getGradient().toFloatArray()));
    }
    return results;
  }

  private static void agree(float[] ours, float[] theirs, double tolerance) {
    float largest = 0;
    float apart = 0;
    for (int i = 0; i < theirs.length; i++) {
      largest = Math.max(largest, Math.abs(theirs[i]));
      apart = Math.max(apart, Math.abs(theirs[i] - ours[i]));
    }
    assertThat(ours).hasSameSizeAs(theirs);
    assertThat(largest).isPositive();
    assertThat((double) apart).isLessThanOrEqualTo(tolerance * largest);
  }

  @ParameterizedTest
  @CsvSource({"ENGINE", "ONEDNN"})
  void takesAnEmptyBatch(LinearRoute route) {
    NDArray w = normal(2, 5, 4);

    NDArray y = LinearProduct.of(manager.zeros(new Shape(0, 3, 4)), w, null, route);

    assertThat(y.getShape()).isEqualTo(new Shape(0, 3, 5));
  }

  @ParameterizedTest
  @CsvSource({"ENGINE", "ONEDNN"})
  void leavesOnlyItsResultAndLeavesItWithTheInput(LinearRoute route) {
    NDArray w = normal(2, 64, 48);
    int before = manager.getManagedArrays().size();
    try (NDManager batch = manager.newSubManager()) {
      NDArray x = batch.ones(new Shape(2, 3, 48));
      for (int i = 1; i <= 50; i++) {
        NDArray y = LinearProduct.of(x, w, null, route);
        assertThat(y.getManager()).isSameAs(batch);
        assertThat(batch.getManagedArrays()).hasSize(1 + i);
      }
    }
    assertThat(manager.getManagedArrays()).hasSize(before);
  }

  /** What the engine ran, as its own profiler saw it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void thisRouteReallyReachesOneDnn(int engineThreads, @TempDir Path folder) throws IOException {
    NDArray x = normal(1, 2, 197, 192);
    NDArray w = normal(2, 384, 192);
    int threads = EngineThreads.get();
    EngineThreads.set(engineThreads);
    try {
      for (LinearRoute route : LinearRoute.values()) {
        assertThat(reachesOneDnn(x, w, route, folder)).isEqualTo(route == LinearRoute.ONEDNN);
      }
    } finally {
      EngineThreads.set(threads);
    }
  }

  private static boolean reachesOneDnn(NDArray x, NDArray w, LinearRoute route, Path folder)
      throws IOException {
    return profile(x, w, route, folder).contains("mkldnn_convolution");
  }

  private static String profile(NDArray x, NDArray w, LinearRoute route, Path folder)
      throws IOException {
    Path trace = folder.resolve("trace.json");
    JniUtils.startProfile(false, false, false);
    try {
      LinearProduct.of(x, w, null, route).close();
    } finally {
      JniUtils.stopProfile(trace.toString());
    }
    return Files.readString(trace);
  }

  @Test
  void inputsTooSmallForOneDnnAreLeftToTheEngine(@TempDir Path folder) throws IOException {
    NDArray w = normal(2, 24, 32);
    NDArray small = normal(1, 4, 160, 32); // 20,480 elements
    NDArray large = normal(1, 1, 641, 32);

    assertThat(reachesOneDnn(small, w, LinearRoute.ONEDNN, folder)).isFalse();
    assertThat(reachesOneDnn(large, w, LinearRoute.ONEDNN, folder)).isTrue();
    assertThat(LinearRoute.ONEDNN.forInput(small)).isEqualTo(LinearRoute.ENGINE);
    assertThat(LinearRoute.ONEDNN.forInput(large)).isEqualTo(LinearRoute.ONEDNN);
    assertThat(LinearRoute.ENGINE.forInput(large)).isEqualTo(LinearRoute.ENGINE);
  }

  /** Or every test of the route on a small shape would try the engine's product instead. */
  @Test
  void aGivenRouteIsTakenWhateverTheSize(@TempDir Path folder) throws IOException {
    NDArray x = normal(1, 2, 3, 4);
    NDArray w = normal(2, 5, 4);
    assertThat(profile(x, w, LinearRoute.ONEDNN, folder)).contains("aten::convolution");
  }

  @ParameterizedTest
  @CsvSource({"ENGINE", "ONEDNN"})
  void aFrozenWeightGetsNoGradient(LinearRoute route) {
    NDArray x = normal(1, 2, 197, 192);
    x.setRequiresGradient(true);
    NDArray w = normal(2, 384, 192);
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray y = LinearProduct.of(x, w, null, route);
      collector.backward(y.sum());
    }
    assertThat(w.hasGradient()).isFalse();
    assertThat(x.getGradient().abs().sum().getFloat()).isPositive();
  }

  @Test
  void theRouteCanBeChosen(@TempDir Path folder) {
    MeasuredRoutes none = new MeasuredRoutes(folder.resolve("none"));
    assertThat(LinearRoute.choose("engine", none)).isEqualTo(LinearRoute.ENGINE);
    assertThat(LinearRoute.choose("OneDNN", none)).isEqualTo(LinearRoute.ONEDNN);
    assertThat(LinearRoute.choose("auto", none))
        .isEqualTo(Cpu.isAmd() ? LinearRoute.ONEDNN : LinearRoute.ENGINE);
    assertThatThrownBy(() -> LinearRoute.choose("mkl", none))
        .isInstanceOf(BadInputException.class)
        .hasMessage("vit4j.linear is 'mkl'; use auto, engine or onednn");
  }

  @Test
  void aMeasurementComesBeforeTheVendor(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("new").resolve("routes.txt");
    MeasuredRoutes measured = new MeasuredRoutes(file);
    for (LinearRoute route : LinearRoute.values()) {
      measured.keep("another machine\u00ae", LinearRoute.ENGINE);
      measured.keep(RouteMeasurement.machine(), route);
      assertThat(LinearRoute.choose("auto", new MeasuredRoutes(file))).isEqualTo(route);
    }
    assertThat(measured.find("another machine\u00ae")).contains(LinearRoute.ENGINE);
    assertThat(measured.find("a third")).isEmpty();
    try (var files = Files.list(file.getParent())) {
      assertThat(files).containsExactly(file);
    }
    assertThat(LinearRoute.values()).contains(RouteMeasurement.fastest());
  }

  @Test
  void aDamagedMeasurementIsNone(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("routes.txt");
    MeasuredRoutes measured = new MeasuredRoutes(file);
    byte[] noise = new byte[2000];
    new Random(1).nextBytes(noise);
    for (byte[] bytes : List.of(noise, new byte[1 << 17], "x = \ny = MKL\n = \n".getBytes(UTF_8))) {
      Files.write(file, bytes);
      assertThat(measured.find("y")).isEmpty();
      assertThat(measured.find(RouteMeasurement.machine())).isEmpty();
      measured.keep("m", LinearRoute.ONEDNN);
      assertThat(measured.find("m")).contains(LinearRoute.ONEDNN);
    }
    MeasuredRoutes nowhere = new MeasuredRoutes(file.resolve("below-a-file"));
    assertThat(nowhere.find("m")).isEmpty();
    assertThatThrownBy(() -> nowhere.keep("m", LinearRoute.ENGINE))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("name another folder by -Dvit4j.cache");
  }

  @Test
  void aGpuAlwaysTakesTheEngine() {
    assertThat(LinearRoute.on(Device.gpu())).isEqualTo(LinearRoute.ENGINE);
    assertThat(LinearRoute.on(Device.cpu())).isSameAs(LinearRoute.on(Device.cpu()));
  }

  @Test
  void withoutARouteItTakesTheDevicesWhereTheInputIsLargeEnough() {
    NDArray w = normal(2, 5, 48);
    for (NDArray x : List.of(normal(1, 2, 3, 48), normal(1, 2, 300, 48))) {
      LinearRoute route = LinearRoute.on(Device.cpu()).forInput(x);
      assertThat(LinearProduct.of(x, w, null).toFloatArray())
          .isEqualTo(LinearProduct.of(x, w, null, route).toFloatArray());
    }
  }
}
