package io.github.vit4j.examples.pretrain;

import io.github.vit4j.examples.study.Seeds;
import io.github.vit4j.file.WholeFile;
import io.github.vit4j.finetune.report.Curves;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The numbers of the study: a table in Markdown beside Table 7 of the paper, and a chart. */
final class StudyReport {

  /** Numbers of the seeds of one cell. */
  private final Map<StudyStem, Map<String, List<Double>>> cells = new LinkedHashMap<>();

  private final boolean pixels;

  StudyReport(boolean pixels) {
    this.pixels = pixels;
  }

  static String column(boolean preTrained, boolean allLabels) {
    return (preTrained ? "pre-trained, " : "from scratch, ") + (allLabels ? "all labels" : "10 %");
  }

  void add(StudyStem stem, String column, double value) {
    cells
        .computeIfAbsent(stem, key -> new LinkedHashMap<>())
        .computeIfAbsent(column, key -> new ArrayList<>())
        .add(value);
  }

  private List<Double> values(StudyStem stem, String column) {
    return cells.getOrDefault(stem, Map.of()).getOrDefault(column, List.of());
  }

  private String cell(StudyStem stem, String column) {
    List<Double> values = values(stem, column);
    return values.isEmpty() ? "-" : Seeds.of(values).toString();
  }

  private String gain(StudyStem stem, boolean allLabels) {
    double gain =
        Seeds.of(values(stem, column(true, allLabels))).mean()
            - Seeds.of(values(stem, column(false, allLabels))).mean();
    return Double.isNaN(gain) ? "-" : String.format(Locale.ROOT, "%+.2f", gain);
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("| stem | ")
        .append(pixels ? "loss in pre-training" : "hidden tokens found (%)")
        .append(
            " | all labels: scratch | pre-trained | gain | 10 %: scratch | pre-trained | gain | paper: supervised | BEiT |\n");
    text.append("|---|---|---|---|---|---|---|---|---|---|\n");
    for (StudyStem stem : cells.keySet()) {
      text.append("| ").append(stem.title);
      text.append(" | ").append(cell(stem, "pretrain"));
      for (boolean allLabels : new boolean[] {true, false}) {
        text.append(" | ").append(cell(stem, column(false, allLabels)));
        text.append(" | ").append(cell(stem, column(true, allLabels)));
        text.append(" | ").append(gain(stem, allLabels));
      }
      text.append(" | ").append(stem.paperSupervised).append(" | ").append(stem.paperBeit);
      text.append(" |\n");
    }
    return text.toString();
  }

  void save(Path folder) {
    WholeFile.write(folder.resolve("table.md"), markdown().getBytes(StandardCharsets.UTF_8));
    Curves curves =
        Curves.of("Pre-training without labels", "labels (%)", "top-1 (%)").logarithmicX();
    for (StudyStem stem : cells.keySet()) {
      for (boolean preTrained : new boolean[] {false, true}) {
        List<Double> x = new ArrayList<>();
        List<Double> y = new ArrayList<>();
        List<Double> spread = new ArrayList<>();
        for (boolean allLabels : new boolean[] {false, true}) {
          List<Double> values = values(stem, column(preTrained, allLabels));
          if (!values.isEmpty()) {
            x.add(allLabels ? 100.0 : 10.0);
            Seeds seeds = Seeds.of(values);
            y.add(seeds.mean());
            spread.add(seeds.deviation());
          }
        }
        curves.curve(stem.title + (preTrained ? ", pre-trained" : ", from scratch"), x, y, spread);
      }
    }
    curves.save(folder.resolve("chart.png"));
  }
}
