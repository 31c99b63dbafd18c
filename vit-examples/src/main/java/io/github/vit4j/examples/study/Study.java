package io.github.vit4j.examples.study;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.bench.ChildJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * Trains what an experiment compares, each trial in a folder and a process of its own, because
 * memory is counted by process. Finished trials are not repeated, and an interrupted one goes on;
 * table and plot are written anew after each.
 */
@SuppressWarnings("NullAway.Init") // picocli sets the fields
abstract class Study implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "The study's folder: new, or that of a study to go on with.")
  private Path out;

  @Option(
      names = "--seeds",
      paramLabel = "N",
      defaultValue = "2",
      description = "How often each variant is trained. Default: ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "VARIANT",
      description = "Leave the other variants out.")
  private List<String> only = List.of();

  @Option(
      names = "--engine-threads",
      paramLabel = "N",
      description = "Threads that the engine computes with. Default: one a core.")
  private @Nullable Integer engineThreads;

  @Option(names = "--trial", hidden = true)
  private @Nullable String here;

  /** {@return the title of the plot} */
  abstract String title();

  /** {@return all that trials follow from beside variant and seed, by name} */
  abstract Map<String, String> settings();

  /**
   * {@return what is compared, for one seed}
   *
   * @param seed of all trials
   */
  abstract List<Trial> trials(long seed);

  @Override
  public Integer call() throws IOException {
    if (seeds < 1) {
      throw new BadInputException("--seeds must be at least 1, but it is " + seeds);
    }
    List<Trial> trials = chosen();
    if (here != null) {
      Trial trial =
          trials.stream()
              .filter(t -> t.name().equals(here))
              .findFirst()
              .orElseThrow(() -> new BadInputException("there is no trial " + here));
      new TrialRun(trial, new StudyFolder(out).of(trial)).run();
      say(trial.name() + " is done");
      return 0;
    }
    StudyFolder folder = new StudyFolder(out);
    Map<String, String> settings = new HashMap<>(settings());
    settings.put("experiment", spec.name());
    folder.prepare(settings);
    for (Trial trial : trials) {
      if (Outcome.read(folder.of(trial)).isEmpty()) {
        train(trial);
      }
      Outcome outcome = Outcome.read(folder.of(trial)).orElseThrow();
      report(folder).save(title(), out);
      say(
          String.format(
              Locale.ROOT,
              "%s, seed %d: %.2f %% after %d epochs",
              outcome.variant(),
              outcome.seed(),
              outcome.top1(),
              outcome.epochs().size()));
    }
    say("");
    say(report(folder).table());
    say("table " + out.resolve("table.md") + ", plot " + out.resolve("curves.png"));
    return 0;
  }

  private Report report(StudyFolder folder) throws IOException {
    return new Report(folder.outcomes(trials(0).stream().map(Trial::variant).toList()));
  }

  /** All variants with the first seed come before any with the second. */
  private List<Trial> chosen() {
    List<Trial> all = LongStream.range(0, seeds).boxed().flatMap(s -> trials(s).stream()).toList();
    List<String> variants = all.stream().map(Trial::variant).distinct().toList();
    for (String variant : only) {
      if (!variants.contains(variant)) {
        throw new BadInputException(
            "there is no variant '%s'; choose among %s".formatted(variant, variants));
      }
    }
    return all.stream().filter(t -> only.isEmpty() || only.contains(t.variant())).toList();
  }

  private void train(Trial trial) throws IOException {
    List<String> options = new ArrayList<>(List.of("-Xmx3g"));
    if (engineThreads != null) {
      options.add("-Dai.djl.pytorch.num_threads=" + engineThreads);
    }
    CommandLine root = spec.commandLine();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    ParseResult given = root.getParseResult();
    List<String> arguments = new ArrayList<>(given.originalArgs());
    arguments.add("--trial=" + trial.name());
    ChildJvm.run(
        root.getCommandSpec().userObject().getClass(), options, arguments.toArray(String[]::new));
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
