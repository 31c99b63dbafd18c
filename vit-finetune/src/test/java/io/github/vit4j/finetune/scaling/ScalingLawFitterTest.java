package io.github.vit4j.finetune.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.gson.Gson;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalingLawFitterTest {

  private static final Percentage TINY = Percentage.withPercentage(0.01);

  @TempDir Path folder;

  /** Noisy points of a known law, and what SciPy's robust least squares found. */
  private record Reference(
      List<Double> compute, List<Double> error, List<Double> fitted, List<Double> truth) {

    static Reference of(int index) throws IOException {
      Path file = Path.of("src/test/resources/scaling/scaling_law.json");
      Case found = new Gson().fromJson(Files.readString(file), Case[].class)[index];
      return new Reference(found.compute, found.error, found.fitted, found.truth);
    }

    List<ScalingPoint> points() {
      return IntStream.range(0, compute.size())
          .mapToObj(i -> new ScalingPoint(compute.get(i), error.get(i), "run " + i))
          .toList();
    }

    ScalingLaw law(List<Double> p) {
      return new ScalingLaw(p.get(0), p.get(1), p.get(2), p.get(3));
    }
  }

  /** As in the file. */
  private record Case(
      List<Double> compute, List<Double> error, List<Double> fitted, List<Double> truth) {}

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void equalsSciPy(int index) throws IOException {
    Reference reference = Reference.of(index);
    ScalingLaw found = ScalingLawFitter.of(reference.points()).resamples(0).fit().law();
    ScalingLaw expected = reference.law(reference.fitted());
    assertThat(found.a()).isCloseTo(expected.a(), TINY);
    assertThat(found.b()).isCloseTo(expected.b(), TINY);
    assertThat(found.c()).isCloseTo(expected.c(), TINY);
    assertThat(found.d()).isCloseTo(expected.d(), within(1e-5));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void recoversKnownConstantsWithinItsIntervals(int index) throws IOException {
    Reference reference = Reference.of(index); // in the second, three of forty runs failed
    ScalingLaw truth = reference.law(reference.truth());
    ScalingFit fit = ScalingLawFitter.of(reference.points()).resamples(200).fit();
    assertThat(fit.law().a()).isCloseTo(truth.a(), Percentage.withPercentage(2));
    assertThat(fit.law().b()).isCloseTo(truth.b(), Percentage.withPercentage(2));
    assertThat(fit.law().c()).isCloseTo(truth.c(), Percentage.withPercentage(2));
    assertThat(fit.law().d()).isCloseTo(truth.d(), Percentage.withPercentage(5));
    assertThat(fit.a().contains(truth.a())).isTrue();
    assertThat(fit.b().contains(truth.b())).isTrue();
    assertThat(fit.c().contains(truth.c())).isTrue();
    assertThat(fit.d().contains(truth.d())).isTrue();
    Prediction tenfold = fit.predict(50_000);
    assertThat(tenfold.law().contains(truth.error(50_000))).isTrue();
    assertThat(tenfold.law().contains(tenfold.error())).isTrue();
    assertThat(tenfold.run().high() - tenfold.run().low())
        .isGreaterThan(tenfold.law().high() - tenfold.law().low());
    assertThat(fit.scatter()).isBetween(0.003, 0.01);
  }

  /** ImageNet fine-tuned and 10-shot, in TPUv3 core-days. */
  @ParameterizedTest
  @CsvSource({"0.26, 0.35, 0.09, 0.01", "0.63, 0.32, 0.12, 0.52"})
  void recoversThePublishedLaws(double a, double b, double c, double d) {
    ScalingLaw published = new ScalingLaw(a, b, c, d);
    List<ScalingPoint> points =
        IntStream.range(0, 20)
            .mapToDouble(i -> 0.1 * Math.pow(1e5, i / 19.0))
            .mapToObj(compute -> new ScalingPoint(compute, published.error(compute)))
            .toList();
    ScalingFit fit = ScalingLawFitter.of(points).resamples(20).fit();
    assertThat(fit.law().a()).isCloseTo(a, TINY);
    assertThat(fit.law().b()).isCloseTo(b, TINY);
    assertThat(fit.law().c()).isCloseTo(c, TINY);
    assertThat(fit.law().d()).isCloseTo(d, TINY);
    assertThat(fit.predict(1e6).error()).isCloseTo(published.error(1e6), TINY);
    assertThat(fit.frontier()).isEqualTo(points);
  }

  @Test
  void isTheSameEveryTimeAndDraws() throws IOException {
    List<ScalingPoint> points = Reference.of(1).points();
    ScalingFit one = ScalingLawFitter.of(points).frontierOnly().resamples(20).seed(3).fit();
    ScalingFit two = ScalingLawFitter.of(points).frontierOnly().resamples(20).seed(3).fit();
    assertThat(one.law()).isEqualTo(two.law());
    assertThat(one.a()).isEqualTo(two.a());
    assertThat(one.predict(1e5)).isEqualTo(two.predict(1e5));
    assertThat(one.fitted()).isEqualTo(one.frontier());
    assertThat(one.points()).hasSize(40);
    Path plot = folder.resolve("plot.png");
    assertThat(one.plot("Runs", "core-days", 1e5, plot)).isEqualTo(Files.exists(plot));
  }

  @Test
  void theFrontierIsWhatNothingBeats() {
    List<ScalingPoint> points =
        List.of(
            new ScalingPoint(4, 0.3, "d"),
            new ScalingPoint(1, 0.5, "a"),
            new ScalingPoint(1, 0.6, "b"),
            new ScalingPoint(2, 0.5, "c"),
            new ScalingPoint(8, 0.4, "e"));
    assertThat(ScalingLawFitter.frontier(points))
        .extracting(ScalingPoint::name)
        .containsExactly("a", "d");
  }

  @Test
  void fourPointsTellNoIntervals() {
    ScalingFit fit = ScalingLawFitter.of(falling(4)).fit();
    for (ScalingPoint point : fit.points()) {
      assertThat(fit.law().error(point.compute())).isCloseTo(point.error(), within(1e-3));
    }
    assertThat(fit.predict(1e5).law().low()).isNaN();
    assertThat(fit.notes()).singleElement().asString().contains("intervals are unknown");
  }

  private static List<ScalingPoint> falling(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new ScalingPoint(Math.pow(10, i), 0.4 * Math.pow(3, -i) + 0.1))
        .toList();
  }

  @Test
  void risingErrorsAreTold() {
    List<ScalingPoint> rising =
        IntStream.range(1, 7).mapToObj(i -> new ScalingPoint(i, 0.1 * i)).toList();
    ScalingFit fit = ScalingLawFitter.of(rising).resamples(20).fit();
    assertThat(fit.notes()).singleElement().asString().contains("do not fall");
    assertThat(fit.predict(100).error()).isBetween(0.2, 0.5);
  }

  @Test
  void saysWhatIsWrong() {
    bad(() -> ScalingLawFitter.of(falling(3)).fit(), "there are 3 with 3");
    bad(() -> ScalingLawFitter.of(List.of()).fit(), "there are 0 with 0");
    List<ScalingPoint> identical = IntStream.range(0, 9).mapToObj(i -> falling(1).get(0)).toList();
    bad(() -> ScalingLawFitter.of(identical).fit(), "there are 9 with 1");
    List<ScalingPoint> level =
        IntStream.range(1, 9).mapToObj(i -> new ScalingPoint(i, 0.25)).toList();
    bad(() -> ScalingLawFitter.of(level).fit(), "all 8 points have the error 0.25");
    bad(() -> ScalingLawFitter.of(level).frontierOnly().fit(), "the frontier has 1 with 1");
    bad(() -> new ScalingPoint(0, 0.5), "compute cannot be 0");
    bad(() -> new ScalingPoint(-3, 0.5, "x"), "compute of 'x' cannot be -3");
    bad(() -> new ScalingPoint(Double.NaN, 0.5), "compute cannot be NaN");
    bad(() -> new ScalingPoint(Double.POSITIVE_INFINITY, 0.5), "compute cannot be Infinity");
    for (double error : new double[] {0, 1, -0.1, 23.5, Double.NaN}) {
      bad(() -> new ScalingPoint(1, error), "not percent");
    }
    ScalingLawFitter fitter = ScalingLawFitter.of(falling(5));
    bad(() -> fitter.resamples(3), "3 fits");
    bad(() -> fitter.confidence(95), "confidence cannot be 95");
    bad(() -> fitter.width(0), "width of 0");
    bad(() -> fitter.resamples(20).fit().predict(0), "compute of 0");
  }

  private static void bad(Runnable call, String words) {
    assertThatThrownBy(call::run).isInstanceOf(BadInputException.class).hasMessageContaining(words);
  }

  @Test
  void extremeUnitsDoNoHarm() {
    for (double unit : new double[] {1e-200, 1e18, 1e250}) {
      List<ScalingPoint> points =
          falling(6).stream().map(p -> new ScalingPoint(unit * p.compute(), p.error())).toList();
      ScalingFit fit = ScalingLawFitter.of(points).resamples(20).fit();
      assertThat(fit.law().error(unit)).isCloseTo(0.5, within(0.01));
    }
  }

  @Test
  void aCliffInLargeUnitsIsStillALawOfNumbers() {
    List<ScalingPoint> cliff = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      cliff.add(new ScalingPoint(1e13 * (1 + i), i < 4 ? 0.9 : 0.1));
    }
    ScalingFit fit = ScalingLawFitter.of(cliff).resamples(20).fit();
    assertThat(fit.law().a()).isFinite();
    assertThat(fit.law().error(5e13)).isBetween(0.0, 1.0);
  }
}
