package io.github.vit4j.examples.transfer;

import io.github.vit4j.examples.command.Failures;
import io.github.vit4j.examples.command.FineTuneOptions;
import io.github.vit4j.examples.command.FineTuneReport;
import io.github.vit4j.examples.command.InterruptibleFit;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.data.PublishedCounts;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.train.FineTuneResult;
import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.zoo.ViTModel;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fine-tuning on a published data set: reads it, counts it, trains, compares with the paper. */
@Command(sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
abstract class Transfer extends PublishedData {

  /** What fits into the memory of most machines; the recipes' batches are of 768 images. */
  private static final int MOST_IN_MEMORY = 64;

  @Mixin FineTuneOptions training;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  boolean json;

  /** What programs get. */
  record Report(List<String> differences, String paper, FineTuneReport result) {}

  private final PublishedTransfer what;

  Transfer(PublishedTransfer what) {
    this.what = what;
  }

  @Override
  final PublishedCounts published() {
    return what.counts;
  }

  @Override
  final String source() {
    return what.source;
  }

  @Override
  public final Integer call() {
    DataSplits all = what.read(root);
    List<String> differences = said(published().differences(all));
    DataSplits data = limit == null ? all : limited(all);
    try (ViTModel opened = model.open()) {
      FineTuner tuner = tuner(opened, data);
      announce(opened, data);
      try (FineTuneResult result = InterruptibleFit.of(tuner, tuner::fit, spec.commandLine())) {
        print(result, differences);
      }
    }
    return 0;
  }

  private DataSplits limited(DataSplits all) {
    return new DataSplits(
        all.train().subset(used(all.train().size())),
        all.validation().subset(used(all.validation().size())));
  }

  private FineTuner tuner(ViTModel opened, DataSplits data) {
    Recipe own = what.recipe();
    FineTuner tuner = training.applyTo(FineTuner.of(opened).data(data), own);
    tuner.resolution(opened.preprocessing().height()); // a recipe has another one of its own
    Recipe chosen = training.recipe(own);
    if (chosen != null && !training.hasMicroBatch()) {
      tuner.microBatch(portion(chosen.batch()));
    }
    return tuner;
  }

  /** The largest divisor of a batch that fits. */
  private static int portion(int batch) {
    return IntStream.iterate(Math.min(batch, MOST_IN_MEMORY), size -> size - 1)
        .filter(size -> batch % size == 0)
        .findFirst()
        .orElse(1);
  }

  /** Whoever starts a thousand epochs should know. */
  private void announce(ViTModel opened, DataSplits data) {
    Recipe chosen = training.recipe(what.recipe());
    if (chosen == null) {
      return;
    }
    double macs = opened.network().summary().macs();
    double images = (double) data.train().size() * chosen.epochs();
    Failures.say(
        spec.commandLine(),
        String.format(
            Locale.ROOT,
            "%s for %s of %s: %.1e multiply-accumulates, three times %.2g billion an image;"
                + " --epochs makes it shorter",
            chosen.name(),
            Texts.count(chosen.epochs(), "epoch"),
            Texts.count(data.train().size(), "image"),
            3 * macs * images,
            macs / 1e9));
  }

  private void print(FineTuneResult result, List<String> differences) {
    PrintWriter out = spec.commandLine().getOut();
    String beside = what.paper.beside(training.strategy());
    if (json) {
      out.println(Texts.json(new Report(differences, beside, FineTuneReport.of(result))));
    } else {
      FineTuneReport.print(result, out);
      out.println("paper       " + beside);
    }
    out.flush();
  }
}
