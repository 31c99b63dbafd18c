package io.github.vit4j.examples.cli;

import io.github.vit4j.examples.command.FineTuneOptions;
import io.github.vit4j.examples.command.FineTuneReport;
import io.github.vit4j.examples.command.InterruptibleFit;
import io.github.vit4j.examples.command.ModelChoice;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.examples.shapes.ShapeImages;
import io.github.vit4j.finetune.data.DataSets;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.train.FineTuneResult;
import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.zoo.ViTModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a model for the user's own classes. */
@Command(
    name = "finetune",
    description = "Train a model for other classes; an interrupted run goes on by itself.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class FinetuneCommand implements Callable<Integer> {

  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "DATA",
      description = {
        "A folder with train/CLASS/... and val/CLASS/..., or with CLASS/..., of which a tenth is"
            + " held out; a tar file of the same; CIFAR, Flowers-102 or Stanford Cars as published; or"
            + " shapes:N, which draws N images of simple shapes."
      })
  String data;

  @Mixin ModelChoice model;
  @Mixin FineTuneOptions training;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  boolean json;

  @Override
  public Integer call() {
    try (ViTModel opened = model.open()) {
      FineTuner tuner = training.applyTo(FineTuner.of(opened).data(images(opened)), null);
      if (model.resolution() != null) {
        tuner.resolution(model.resolution());
      }
      try (FineTuneResult result = InterruptibleFit.of(tuner, tuner::fit, spec.commandLine())) {
        print(result);
      }
    }
    return 0;
  }

  private DataSplits images(ViTModel opened) {
    return ShapeImages.spelt(data, opened.preprocessing().height())
        .orElseGet(() -> DataSets.open(Path.of(data)));
  }

  private void print(FineTuneResult result) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Texts.json(FineTuneReport.of(result)));
    } else {
      FineTuneReport.print(result, out);
    }
    out.flush();
  }
}
