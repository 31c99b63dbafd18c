package io.github.vit4j.examples.cli;

import io.github.vit4j.examples.command.Failures;
import io.github.vit4j.examples.command.OutFile;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.finetune.scaling.Interval;
import io.github.vit4j.finetune.scaling.Prediction;
import io.github.vit4j.finetune.scaling.ScalingFit;
import io.github.vit4j.finetune.scaling.ScalingLaw;
import io.github.vit4j.finetune.scaling.ScalingLawFitter;
import io.github.vit4j.finetune.scaling.ScalingPoint;
import io.github.vit4j.finetune.scaling.ScalingPointsFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What small runs say about larger ones. */
@Command(
    name = "scaling-law",
    description = "Fit error = a (compute + d)^-b + c to measured runs, and predict larger ones.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class ScalingLawCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "POINTS.csv",
      description = {
        "A line compute,error or compute,error,name for each run; or a table whose first line"
            + " names such columns. Errors are shares of wrong answers, between 0 and 1."
      })
  Path file;

  @Option(
      names = {"-p", "--predict"},
      paramLabel = "COMPUTE",
      split = ",",
      description = "The error to expect there; several with commas.")
  List<Double> predict = List.of();

  @Option(
      names = "--frontier",
      description = "Fit only the runs that no other one beats with as little compute.")
  boolean frontier;

  @Option(
      names = "--confidence",
      paramLabel = "X",
      defaultValue = "0.95",
      description = "How sure intervals are to be. Default: ${DEFAULT-VALUE}.")
  double confidence;

  @Option(
      names = "--resamples",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Fits that intervals are made of; 0 for none. Default: ${DEFAULT-VALUE}.")
  int resamples;

  @Option(names = "--seed", paramLabel = "N", description = "Every draw follows from it.")
  long seed;

  @Option(
      names = "--plot",
      paramLabel = "FILE.png",
      description = "Draw runs, frontier, law and interval on logarithmic axes.")
  @Nullable Path plot;

  @Option(
      names = "--unit",
      paramLabel = "TEXT",
      defaultValue = "as measured",
      description = "The unit of compute, for the plot.")
  String unit;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  boolean json;

  /** What programs get; intervals that are unknown have NaN for ends. */
  record Report(
      ScalingLaw law,
      Interval a,
      Interval b,
      Interval c,
      Interval d,
      double scatter,
      int points,
      int fitted,
      List<ScalingPoint> frontier,
      List<Prediction> predictions,
      List<String> notes) {}

  @Override
  public Integer call() {
    if (plot != null) {
      OutFile.require(plot, ".png", "a PNG picture");
    }
    ScalingLawFitter fitter =
        ScalingLawFitter.of(ScalingPointsFile.read(file))
            .confidence(confidence)
            .resamples(resamples)
            .seed(seed);
    ScalingFit fit = (frontier ? fitter.frontierOnly() : fitter).fit();
    List<Prediction> predictions = predict.stream().map(fit::predict).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Texts.json(report(fit, predictions)));
    } else {
      print(fit, predictions, out);
    }
    out.flush();
    if (plot != null) {
      double furthest = predict.stream().mapToDouble(c -> c).max().orElse(0);
      fit.plot("Scaling law: " + file.getFileName(), unit, furthest, plot);
    }
    return 0;
  }

  private static Report report(ScalingFit fit, List<Prediction> predictions) {
    return new Report(
        fit.law(),
        fit.a(),
        fit.b(),
        fit.c(),
        fit.d(),
        fit.scatter(),
        fit.points().size(),
        fit.fitted().size(),
        fit.frontier(),
        predictions,
        fit.notes());
  }

  private void print(ScalingFit fit, List<Prediction> predictions, PrintWriter out) {
    out.println(fit.law());
    line(out, "a", fit.law().a(), fit.a());
    line(out, "b", fit.law().b(), fit.b());
    line(out, "c", fit.law().c(), fit.c());
    line(out, "d", fit.law().d(), fit.d());
    out.println(
        String.format(
            Locale.ROOT,
            "fitted to %d of %d runs, %d of them on the frontier; typically %.2f %% of the error off",
            fit.fitted().size(),
            fit.points().size(),
            fit.frontier().size(),
            100 * fit.scatter()));
    for (Prediction prediction : predictions) {
      out.println(
          String.format(
              Locale.ROOT,
              "at %.4g: error %.4f; law %s, a single run %s",
              prediction.compute(),
              prediction.error(),
              text(prediction.law()),
              text(prediction.run())));
    }
    fit.notes().forEach(note -> Failures.say(spec.commandLine(), note));
  }

  private static void line(PrintWriter out, String name, double value, Interval interval) {
    out.println(String.format(Locale.ROOT, "%s  %.4g  %s", name, value, text(interval)));
  }

  private static String text(Interval interval) {
    return Double.isNaN(interval.low())
        ? "unknown"
        : String.format(Locale.ROOT, "%.4g to %.4g", interval.low(), interval.high());
  }
}
