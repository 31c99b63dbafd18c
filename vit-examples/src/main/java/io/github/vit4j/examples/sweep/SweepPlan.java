package io.github.vit4j.examples.sweep;

import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.model.ViTSummary;
import java.util.List;
import java.util.Locale;

/**
 * What is to be trained, for people, before it is.
 *
 * @param runs those that a law is fitted to
 * @param heldOut those that are kept apart
 * @param folder that may hold some of them already
 */
record SweepPlan(List<RunSettings> runs, List<RunSettings> heldOut, SweepFolder folder) {

  private static final String ROW = "%-24s %12s %10s %12s %14s %18s  %s%n";

  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    out.append(
        row(
            "run",
            "parameters",
            "of images",
            "images seen",
            "MACs an image",
            "10^12 MACs in all",
            ""));
    double all = 0;
    double left = 0;
    for (RunSettings run : runs) {
      double compute = add(out, run);
      all += compute;
      left += folder.outcome(run).isPresent() ? 0 : compute;
    }
    out.append(
        String.format(
            Locale.ROOT,
            "%s, %.4g x 10^12 multiply-accumulates in all, %.4g of them to do%n",
            Texts.count(runs.size(), "run"),
            all / RunOutcome.TERA,
            left / RunOutcome.TERA));
    if (!heldOut.isEmpty()) {
      out.append(String.format("%nheld out, trained by --held-out after the others:%n"));
      heldOut.forEach(run -> add(out, run));
    }
    return out.toString();
  }

  private double add(StringBuilder out, RunSettings run) {
    ViTSummary model = run.network().summary();
    double compute = run.compute(model);
    out.append(
        row(
            run.run(),
            Texts.count(model.parameters()),
            Texts.count(run.partImages()),
            Texts.count(run.imagesSeen()),
            Texts.count(model.macs()),
            String.format(Locale.ROOT, "%.4g", compute / RunOutcome.TERA),
            state(run)));
    return compute;
  }

  private String state(RunSettings run) {
    if (folder.outcome(run).isPresent()) {
      return "finished";
    }
    return folder.hasBegun(run) ? "begun" : "";
  }

  private static String row(Object... cells) {
    return String.format(Locale.ROOT, ROW, cells).stripTrailing() + System.lineSeparator();
  }
}
