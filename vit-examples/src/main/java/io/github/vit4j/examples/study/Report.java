package io.github.vit4j.examples.study;

import io.github.vit4j.file.WholeFile;
import io.github.vit4j.finetune.report.Curves;
import io.github.vit4j.finetune.train.EpochMetrics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * A study's outcomes so far: {@code table.md}, {@code curves.png}, and {@code epochs.csv}, the log
 * that both are made of.
 */
final class Report {

  private static final double MIB = 1 << 20;
  private static final double MEGA = 1e6;

  private final Map<String, List<Outcome>> byVariant;

  Report(List<Outcome> outcomes) {
    byVariant =
        outcomes.stream()
            .collect(
                Collectors.groupingBy(
                    Outcome::variant, LinkedHashMap::new, Collectors.toUnmodifiableList()));
  }

  /** {@return a table in Markdown, a row a variant} */
  String table() {
    StringBuilder out = new StringBuilder();
    out.append(
        "| | seeds | top-1 % after the last epoch | best epoch | parameters, M | of these trained % | CPU s an epoch | peak memory, MiB | task file, MB | whole file, MB |\n");
    out.append("|---|---|---|---|---|---|---|---|---|---|\n");
    byVariant.forEach((variant, runs) -> out.append(row(variant, runs)).append('\n'));
    return out.toString();
  }

  private static String row(String variant, List<Outcome> runs) {
    Outcome one = runs.get(0);
    return String.format(
        Locale.ROOT,
        "| %s | %d | %s | %s | %.2f | %.1f | %s | %s | %.2f | %.2f |",
        variant,
        runs.size(),
        spread(runs, Outcome::top1),
        spread(runs, Outcome::bestTop1),
        one.parameters() / MEGA,
        100.0 * one.trained() / one.parameters(),
        measured(runs, Outcome::cpuSecondsPerEpoch),
        measured(runs, run -> run.peakBytes() / MIB),
        one.taskBytes() / MEGA,
        one.modelBytes() / MEGA);
  }

  private static String spread(List<Outcome> runs, ToDoubleFunction<Outcome> value) {
    return Seeds.of(runs.stream().map(value::applyAsDouble).toList()).toString();
  }

  /** The mean of the runs of which it is known. */
  private static String measured(List<Outcome> runs, ToDoubleFunction<Outcome> value) {
    OptionalDouble mean = runs.stream().mapToDouble(value).filter(v -> v > 0).average();
    return mean.isEmpty() ? "-" : String.format(Locale.ROOT, "%.0f", mean.getAsDouble());
  }

  /** {@return every epoch of every run, as comma-separated values} */
  String log() {
    StringBuilder out = new StringBuilder();
    out.append("variant,seed,epoch,rate,train_loss,train_top1,val_loss,val_top1,val_top5,")
        .append("val_mean_class,seconds\n");
    byVariant.values().forEach(runs -> runs.forEach(run -> log(run, out)));
    return out.toString();
  }

  private static void log(Outcome run, StringBuilder out) {
    for (EpochMetrics e : run.epochs()) {
      out.append(
          String.format(
              Locale.ROOT,
              "%s,%d,%d,%.3g,%.4f,%.2f,%.4f,%.2f,%.2f,%.2f,%.0f\n",
              run.variant(),
              run.seed(),
              e.epoch(),
              e.rate(),
              e.trainLoss(),
              e.trainTop1(),
              e.loss(),
              e.top1(),
              e.top5(),
              e.meanClass(),
              e.seconds()));
    }
  }

  /** Writes the files, each whole or not at all. */
  void save(String title, Path folder) {
    WholeFile.write(folder.resolve("table.md"), table().getBytes(StandardCharsets.UTF_8));
    WholeFile.write(folder.resolve("epochs.csv"), log().getBytes(StandardCharsets.UTF_8));
    Curves curves = Curves.of(title, "epoch", "top-1 on the validation images, %");
    byVariant.forEach((variant, runs) -> add(curves, variant, runs));
    curves.save(folder.resolve("curves.png"));
  }

  private static void add(Curves curves, String variant, List<Outcome> runs) {
    int epochs = runs.stream().mapToInt(r -> r.epochs().size()).min().orElse(0);
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    List<Double> spread = new ArrayList<>();
    for (int i = 0; i < epochs; i++) {
      int epoch = i;
      List<EpochMetrics> same = runs.stream().map(r -> r.epochs().get(epoch)).toList();
      Seeds seeds = Seeds.of(same.stream().map(EpochMetrics::top1).toList());
      x.add((double) same.get(0).epoch());
      y.add(seeds.mean());
      spread.add(seeds.deviation());
    }
    curves.curve(variant, x, y, runs.size() < 2 ? List.of() : spread);
  }
}
