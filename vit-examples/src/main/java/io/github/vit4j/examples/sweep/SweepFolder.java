package io.github.vit4j.examples.sweep;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.file.WholeFile;
import io.github.vit4j.finetune.report.Curves;
import io.github.vit4j.finetune.scaling.ScalingLawFitter;
import io.github.vit4j.finetune.scaling.ScalingPoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The folder of a sweep: one of each run, and what all together came to.
 *
 * @param root the folder
 */
record SweepFolder(Path root) {

  /** {@return the folder of a run} */
  Path of(RunSettings run) {
    return root.resolve(run.run());
  }

  /** {@return the outcome, if the run is finished} */
  Optional<RunOutcome> outcome(RunSettings run) {
    return RunOutcome.read(of(run));
  }

  /** {@return the outcomes of those that are finished} */
  List<RunOutcome> outcomes(List<RunSettings> runs) {
    return runs.stream().flatMap(run -> outcome(run).stream()).toList();
  }

  /** {@return whether there is any training of a run; its settings are written before it begins} */
  boolean hasBegun(RunSettings run) {
    return Files.exists(of(run).resolve(TrainRun.TRAINING)) || outcome(run).isPresent();
  }

  /** Refuses to mix results of different settings under one name. */
  void requireSame(List<RunSettings> runs) {
    for (RunSettings run : runs.stream().filter(this::hasBegun).toList()) {
      RunSettings.read(of(run))
          .ifPresent(
              then -> {
                List<String> differences = run.differences(then);
                if (!differences.isEmpty()) {
                  throw new BadInputException(
                      "%s holds a run with other settings: %s; delete that folder to train it anew, or give another --out"
                          .formatted(of(run), String.join("; ", differences)));
                }
              });
    }
  }

  /** Makes the folders of runs, each with its settings. */
  void prepare(List<RunSettings> runs) {
    for (RunSettings run : runs) {
      try {
        Files.createDirectories(of(run));
      } catch (IOException e) {
        throw new BadInputException(
            "cannot make the folder %s: %s; give another --out".formatted(of(run), e), e);
      }
      run.write(of(run));
    }
  }

  /** Writes tables and plot of what is finished, each file whole or not at all. */
  void report(String title, List<RunSettings> runs, List<RunSettings> heldOut) {
    List<RunOutcome> done = outcomes(runs);
    List<RunOutcome> apart = outcomes(heldOut);
    write("runs.csv", RunTable.csv(done));
    if (!apart.isEmpty()) {
      write("heldout.csv", RunTable.csv(apart));
    }
    write("table.md", RunTable.markdown(done, apart));
    plot(title, done, apart);
  }

  private void write(String file, String text) {
    WholeFile.write(root.resolve(file), text.getBytes(StandardCharsets.UTF_8));
  }

  /** A line a size through its best run at each compute. */
  private void plot(String title, List<RunOutcome> done, List<RunOutcome> apart) {
    Curves curves =
        Curves.of(
                title,
                "compute of training, 10^12 multiply-accumulates",
                "error on the test images")
            .logarithmicX()
            .logarithmicY();
    List<ScalingPoint> others = new ArrayList<>();
    for (String size : done.stream().map(run -> run.settings().size()).distinct().toList()) {
      List<ScalingPoint> own =
          done.stream()
              .filter(run -> run.settings().size().equals(size))
              .map(RunOutcome::point)
              .toList();
      List<ScalingPoint> best = RunTable.bestAtEachCompute(own);
      curves.curve(size, x(best), y(best));
      own.stream().filter(point -> !best.contains(point)).forEach(others::add);
    }
    points(curves, "other data fractions", others);
    List<ScalingPoint> frontier =
        ScalingLawFitter.frontier(done.stream().map(RunOutcome::point).toList());
    curves.line("frontier", x(frontier), y(frontier));
    points(curves, "held out", apart.stream().map(RunOutcome::point).toList());
    if (!done.isEmpty()) {
      curves.save(root.resolve("runs.png"));
    }
  }

  private static void points(Curves curves, String name, List<ScalingPoint> points) {
    if (!points.isEmpty()) {
      curves.points(name, x(points), y(points));
    }
  }

  private static List<Double> x(List<ScalingPoint> points) {
    return points.stream().map(ScalingPoint::compute).toList();
  }

  private static List<Double> y(List<ScalingPoint> points) {
    return points.stream().map(ScalingPoint::error).toList();
  }
}
