package io.github.vit4j.examples.sweep;

import io.github.vit4j.finetune.scaling.ScalingLawFitter;
import io.github.vit4j.finetune.scaling.ScalingPoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Outcomes as text: for a law's fit, and for people. */
final class RunTable {

  private static final double MEGA = 1e6;
  private static final double MINUTE = 60;

  private RunTable() {}

  /** {@return a line a run, as {@code vit scaling-law} reads it} */
  static String csv(List<RunOutcome> runs) {
    StringBuilder out = new StringBuilder();
    out.append(
        "name,compute,error,size,width,depth,parameters,fraction,train_images,epochs,images_seen,top1,top5,train_loss,cpu_seconds\n");
    for (RunOutcome run : runs) {
      RunSettings s = run.settings();
      out.append(
          String.format(
              Locale.ROOT,
              "%s,%.6g,%s,%s,%d,%d,%d,%s,%d,%d,%d,%.2f,%.2f,%.4f,%.1f\n",
              s.run(),
              run.teraMacs(),
              Names.plain(Math.rint(run.error() * 1e6) / 1e6),
              s.size(),
              s.width(),
              s.depth(),
              run.parameters(),
              Names.plain(s.fraction()),
              s.partImages(),
              s.epochs(),
              run.imagesSeen(),
              run.last().top1(),
              run.last().top5(),
              run.last().trainLoss(),
              run.cpuSeconds()));
    }
    return out.toString();
  }

  /** {@return a table in Markdown by ascending compute, those on the frontier in bold} */
  static String markdown(List<RunOutcome> runs, List<RunOutcome> heldOut) {
    StringBuilder out = new StringBuilder();
    out.append(
        "| run | parameters, M | learns from | images seen | 10^12 multiply-accumulates | top-1 % | top-5 % | loss in training | CPU minutes |\n");
    out.append("|---|---|---|---|---|---|---|---|---|\n");
    List<ScalingPoint> frontier =
        ScalingLawFitter.frontier(runs.stream().map(RunOutcome::point).toList());
    for (RunOutcome run : byCompute(runs)) {
      String mark = frontier.contains(run.point()) ? "**" : "";
      out.append(row(mark + run.settings().run() + mark, run));
    }
    for (RunOutcome run : byCompute(heldOut)) {
      out.append(row(run.settings().run() + " (held out)", run));
    }
    return out.toString();
  }

  private static List<RunOutcome> byCompute(List<RunOutcome> runs) {
    return runs.stream().sorted(Comparator.comparingDouble(RunOutcome::teraMacs)).toList();
  }

  private static String row(String name, RunOutcome run) {
    return String.format(
        Locale.ROOT,
        "| %s | %.3f | %,d | %,d | %.4g | %.2f | %.2f | %.3f | %.1f |\n",
        name,
        run.parameters() / MEGA,
        run.settings().partImages(),
        run.imagesSeen(),
        run.teraMacs(),
        run.last().top1(),
        run.last().top5(),
        run.last().trainLoss(),
        run.cpuSeconds() / MINUTE);
  }

  /** {@return the points with the least error of those with the same compute, by compute} */
  static List<ScalingPoint> bestAtEachCompute(List<ScalingPoint> points) {
    List<ScalingPoint> sorted =
        points.stream()
            .sorted(
                Comparator.comparingDouble(ScalingPoint::compute)
                    .thenComparingDouble(ScalingPoint::error))
            .toList();
    List<ScalingPoint> best = new ArrayList<>();
    for (ScalingPoint point : sorted) {
      if (best.isEmpty() || best.get(best.size() - 1).compute() < point.compute()) {
        best.add(point);
      }
    }
    return best;
  }
}
