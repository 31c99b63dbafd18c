package io.github.vit4j.examples.cli;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.BatchOptions;
import io.github.vit4j.examples.command.Failures;
import io.github.vit4j.examples.command.ModelChoice;
import io.github.vit4j.examples.command.OutFile;
import io.github.vit4j.examples.command.ProgressLine;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.finetune.data.DataSets;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.fewshot.FewShot;
import io.github.vit4j.finetune.fewshot.FewShotResult;
import io.github.vit4j.finetune.fewshot.ShotAccuracy;
import io.github.vit4j.zoo.ViTModel;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** How good the features of a frozen model are. */
@Command(
    name = "fewshot",
    description = "Judge a frozen model by classifiers from a few labels a class.",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
final class FewShotCommand implements Callable<Integer> {

  private static final String ALL = "all";

  @ParentCommand Vit vit;
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "DATA",
      description = {
        "Flowers-102, CIFAR-10, CIFAR-100 or Stanford Cars as published; a folder with"
            + " train/CLASS/... and val/CLASS/..., or with CLASS/..., of which a tenth is held"
            + " out; or a tar file of such folders."
      })
  Path data;

  @Mixin ModelChoice model;

  @Option(
      names = "--shots",
      paramLabel = "K,...",
      split = ",",
      description = {
        "Training images a class; 'all' takes all there are.",
        "Default: 1,5,10,25, as far as every class has them."
      })
  @Nullable List<String> shots;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "3",
      description = "How often training images are drawn. Default: ${DEFAULT-VALUE}.")
  int seeds;

  @Option(
      names = "--l2",
      paramLabel = "X",
      defaultValue = "1024",
      description = "Strength of the regularisation. Default: ${DEFAULT-VALUE}.")
  double l2;

  @Option(names = "--knn", description = "Measure the 20 nearest neighbours too.")
  boolean knn;

  @Option(
      names = "--plot",
      paramLabel = "FILE.png",
      description = "Draw accuracy against shots, with one standard deviation to either side.")
  @Nullable Path plot;

  @Option(
      names = "--cache",
      paramLabel = "FOLDER",
      description = "Where features are kept. Default: vit4j/features in the user's cache folder.")
  @Nullable Path cache;

  @Option(names = "--no-cache", description = "Neither look for kept features nor keep any.")
  boolean noCache;

  @Mixin BatchOptions batches;

  @Option(names = "--skip-broken", description = "Leave images out that cannot be read.")
  boolean skipBroken;

  @Option(names = "--json", description = "Write a JSON object for programs.")
  boolean json;

  /** What programs get. */
  record Report(
      int classes, int testImages, List<Row> ridge, List<Row> neighbours, List<String> notes) {}

  /** One number of shots; without it, all images. */
  record Row(
      @Nullable Integer shots, int trainImages, double mean, double deviation, List<Double> draws) {

    static Row of(ShotAccuracy found) {
      return new Row(
          found.shots() == FewShot.ALL ? null : found.shots(),
          found.images(),
          found.mean(),
          found.deviation(),
          found.percents());
    }
  }

  @Override
  public Integer call() {
    requireSense();
    DataSplits splits = DataSets.open(data);
    FewShotResult found;
    try (ViTModel opened = model.open();
        ProgressLine progress = new ProgressLine("Extracting features", 1, vit.unicode())) {
      found = evaluation(opened).data(splits).progress(progress).run();
    }
    print(found);
    if (plot != null) {
      String given = model.name();
      String name = given == null ? "the embedded model" : given;
      found.plot("Few-shot: %s on %s".formatted(last(name), last(data.toString())), plot);
    }
    return 0;
  }

  /** Before the work is done that would be lost. */
  private void requireSense() {
    if (cache != null && noCache) {
      throw new BadInputException("--cache and --no-cache exclude each other; give one of them");
    }
    if (plot != null) {
      OutFile.require(plot, ".png", "a PNG picture");
    }
  }

  private FewShot evaluation(ViTModel opened) {
    FewShot evaluation = FewShot.of(opened).seeds(seeds).l2(l2).skipUnreadable(skipBroken);
    if (shots != null) {
      evaluation.shots(shots.stream().mapToInt(FewShotCommand::shots).toArray());
    }
    if (knn) {
      evaluation.nearestNeighbours();
    }
    batches.applyTo(evaluation);
    if (!noCache) {
      evaluation.cache(cache == null ? userCache() : cache);
    }
    return evaluation;
  }

  private static int shots(String text) {
    try {
      return text.strip().equalsIgnoreCase(ALL) ? FewShot.ALL : Integer.parseInt(text.strip());
    } catch (NumberFormatException e) {
      throw new BadInputException(
          "--shots '%s' is no number of images; write 1,5,10,25 or all".formatted(text), e);
    }
  }

  private static Path userCache() {
    String told = System.getenv("XDG_CACHE_HOME");
    Path caches =
        told == null || told.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(told);
    return caches.resolve("vit4j").resolve("features");
  }

  private void print(FewShotResult found) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          Texts.json(
              new Report(
                  found.classes(),
                  found.testImages(),
                  found.ridge().stream().map(Row::of).toList(),
                  found.neighbours().stream().map(Row::of).toList(),
                  found.notes())));
    } else {
      String table = found.table();
      out.print(vit.unicode() ? table : table.replace("±", "+-"));
      out.println(
          "%s, measured on %s"
              .formatted(
                  Texts.count(found.classes()) + " classes",
                  Texts.count(found.testImages(), "image")));
      found.notes().forEach(note -> Failures.say(spec.commandLine(), note));
    }
    out.flush();
  }

  private static String last(String path) {
    String[] parts = path.split("[/\\\\]+");
    return Arrays.stream(parts).filter(p -> !p.isEmpty()).reduce((a, b) -> b).orElse(path);
  }
}
