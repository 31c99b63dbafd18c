package io.github.vit4j.finetune.scaling;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.finetune.augment.RandomStreams;
import io.github.vit4j.finetune.report.Curves;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A law and how well it is known. Immutable; {@link ScalingLawFitter} makes it.
 *
 * <p>Where intervals cannot be told (four points, or none asked for) their ends are NaN.
 */
public final class ScalingFit {

  private static final int CURVE = 100;
  private static final long RUNS = -1;

  private final ScalingLaw law;
  private final List<ScalingPoint> points;
  private final List<ScalingPoint> fitted;
  private final List<ScalingPoint> frontier;
  private final List<ScalingLaw> resampled;
  private final double[] residuals;
  private final long seed;
  private final double confidence;
  private final List<String> notes;

  ScalingFit(
      ScalingLaw law,
      List<ScalingPoint> points,
      List<ScalingPoint> fitted,
      List<ScalingPoint> frontier,
      List<ScalingLaw> resampled,
      double[] residuals,
      long seed,
      double confidence,
      List<String> notes) {
    this.law = law;
    this.points = points;
    this.fitted = fitted;
    this.frontier = frontier;
    this.resampled = List.copyOf(resampled);
    this.residuals = residuals;
    this.seed = seed;
    this.confidence = confidence;
    this.notes = List.copyOf(notes);
  }

  /** {@return the law} */
  public ScalingLaw law() {
    return law;
  }

  /** {@return all points, by ascending compute} */
  public List<ScalingPoint> points() {
    return points;
  }

  /** {@return the points that the law was fitted to} */
  public List<ScalingPoint> fitted() {
    return fitted;
  }

  /** {@return the points with the best error for their compute} */
  public List<ScalingPoint> frontier() {
    return frontier;
  }

  /** {@return what a reader of the figures should know} */
  public List<String> notes() {
    return notes;
  }

  /** {@return how sure the intervals are} */
  public double confidence() {
    return confidence;
  }

  /** {@return the interval of {@link ScalingLaw#a}} */
  public Interval a() {
    return interval(ScalingLaw::a);
  }

  /** {@return the interval of {@link ScalingLaw#b}} */
  public Interval b() {
    return interval(ScalingLaw::b);
  }

  /** {@return the interval of {@link ScalingLaw#c}} */
  public Interval c() {
    return interval(ScalingLaw::c);
  }

  /** {@return the interval of {@link ScalingLaw#d}} */
  public Interval d() {
    return interval(ScalingLaw::d);
  }

  private Interval interval(ToDoubleFunction<ScalingLaw> value) {
    return Interval.of(resampled.stream().mapToDouble(value), confidence);
  }

  /** {@return the typical distance of the points from the law, as a part of the error} */
  public double scatter() {
    double[] far =
        fitted.stream()
            .mapToDouble(point -> Math.abs(Math.log(point.error() / law.error(point.compute()))))
            .sorted()
            .toArray();
    return (far[(far.length - 1) / 2] + far[far.length / 2]) / 2;
  }

  /**
   * {@return the error to expect at some compute}
   *
   * @param compute in the unit of the points, above 0
   * @throws BadInputException if it is not above 0
   */
  public Prediction predict(double compute) {
    if (!(compute > 0 && compute < Double.POSITIVE_INFINITY)) {
      throw new BadInputException(
          "an error cannot be predicted for a compute of %s; give a number above 0"
              .formatted(compute));
    }
    SplittableRandom random = RandomStreams.of(seed, RUNS);
    DoubleStream runs =
        resampled.stream()
            .mapToDouble(
                one ->
                    Math.min(
                        1,
                        one.error(compute)
                            * Math.exp(residuals[random.nextInt(residuals.length)])));
    return new Prediction(
        compute,
        law.error(compute),
        interval(one -> one.error(compute)),
        Interval.of(runs, confidence));
  }

  /**
   * Draws points, frontier, law and its interval on logarithmic axes.
   *
   * @param title above the chart
   * @param unit of the compute
   * @param furthest the curve runs to here, or to the last point if that is further
   * @param file ends in {@code .png}; replaced if it exists
   * @return whether it was drawn, see {@link Curves#save}
   * @throws BadInputException if it cannot be written
   */
  public boolean plot(String title, String unit, double furthest, Path file) {
    double first = points.get(0).compute();
    double last = Math.max(points.get(points.size() - 1).compute(), furthest);
    List<Double> x =
        IntStream.rangeClosed(0, CURVE)
            .mapToObj(i -> first * Math.pow(last / first, (double) i / CURVE))
            .toList();
    Curves curves = Curves.of(title, "compute, " + unit, "error").logarithmicX().logarithmicY();
    add(curves, "runs", points);
    if (frontier.size() < points.size()) {
      add(curves, "frontier", frontier);
    }
    curves.line("law", x, x.stream().map(law::error).toList());
    if (!resampled.isEmpty()) {
      List<Interval> band = x.stream().map(c -> interval(one -> one.error(c))).toList();
      curves.band(
          Math.round(100 * confidence) + " % interval",
          x,
          band.stream().map(Interval::low).toList(),
          band.stream().map(Interval::high).toList());
    }
    return curves.save(file);
  }

  private static void add(Curves curves, String name, List<ScalingPoint> points) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    points.forEach(
        point -> {
          x.add(point.compute());
          y.add(point.error());
        });
    curves.points(name, x, y);
  }
}
