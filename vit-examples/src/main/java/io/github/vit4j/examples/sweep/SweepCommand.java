package io.github.vit4j.examples.sweep;

import io.github.vit4j.compute.EngineThreads;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.Exit;
import io.github.vit4j.examples.command.Texts;
import io.github.vit4j.examples.command.Versions;
import io.github.vit4j.examples.shapes.ShapeImages;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Trains all sizes x data fractions x durations of a file, each run in a folder and a process of
 * its own. Finished runs are not repeated, and an interrupted one goes on; tables and plot are
 * written anew after each.
 *
 * <p>Command: {@code ./vit sweep sweeps/pocket.json --data cifar10-jpeg.tar --out runs/pocket}.
 */
@Command(
    name = "sweep",
    description = {
      "Train every size with every data fraction and duration of a file, for a scaling study.",
      "Finished runs are not repeated, and an interrupted one goes on."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    sortOptions = false,
    footer = {"", "Example: vit sweep sweeps/tiny.json --out runs/tiny"})
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class SweepCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE.json", description = "What to train; see docs/sweeps.md.")
  private Path file;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      required = true,
      description = "The sweep's folder: new, or that of a sweep to go on with.")
  private Path out;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description = "The images, in place of those that the file names.")
  private @Nullable String data;

  @Option(names = "--plan", description = "Only list the runs and what they cost.")
  private boolean plan;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "NAME",
      description = "Leave other runs out; names of runs or of sizes.")
  private List<String> only = List.of();

  @Option(
      names = "--held-out",
      description = "Train the held-out runs, when all others are finished.")
  private boolean heldOut;

  @Option(
      names = "--engine-threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that the engine computes a run with. Default: ${DEFAULT-VALUE}.")
  private int engineThreads;

  @Option(
      names = "--spark",
      paramLabel = "MASTER",
      description =
          "Train as tasks of Apache Spark at this address, such as local[*] or spark://host:7077.")
  private @Nullable String spark;

  /** For picocli. */
  public SweepCommand() {}

  @Override
  public Integer call() {
    EngineThreads.require(engineThreads);
    Sweep sweep = SweepFile.read(file);
    String images = images(sweep);
    SweepData opened = SweepData.open(images, sweep.model().imageSize(), sweep.testImages());
    String name = ShapeImages.areSpelt(images) ? images : Path.of(images).getFileName().toString();
    List<RunSettings> runs = settings(sweep, sweep.cells(), name, opened);
    List<RunSettings> apart = settings(sweep, sweep.heldOut(), name, opened);
    SweepFolder folder = new SweepFolder(out.toAbsolutePath().normalize());
    folder.requireSame(Stream.concat(runs.stream(), apart.stream()).toList());
    if (plan) {
      say(new SweepPlan(runs, apart, folder).toString().stripTrailing());
      return Exit.DONE;
    }
    List<RunSettings> chosen = chosen(runs, apart, folder);
    Runs trainer = spark == null ? new RunsInSequence() : OptionalSpark.at(spark);
    folder.prepare(chosen);
    List<RunSettings> left = chosen.stream().filter(r -> folder.outcome(r).isEmpty()).toList();
    say(
        "%s, %d of them finished, %d to train now"
            .formatted(
                Texts.count(runs.size() + apart.size(), "run"),
                folder.outcomes(runs).size() + folder.outcomes(apart).size(),
                left.size()));
    List<String> failed = new ArrayList<>();
    trainer.train(
        left.stream().map(r -> RunTask.of(r.run(), images, folder.of(r), engineThreads)).toList(),
        (task, failure) -> {
          if (failure.isEmpty()) {
            folder.report(sweep.title(), runs, apart);
            say(line(RunOutcome.read(Path.of(task.folder())).orElseThrow()));
          } else {
            failed.add(task.name());
            say("%s failed: %s".formatted(task.name(), failure));
          }
        });
    folder.report(sweep.title(), runs, apart);
    end(folder, failed);
    return failed.isEmpty() ? Exit.DONE : Exit.BAD_RESULT;
  }

  /** A path in the file is relative to the file, one of the command line to where that was said. */
  private String images(Sweep sweep) {
    if (data != null) {
      return ShapeImages.areSpelt(data) ? data : absolute(Path.of(data));
    }
    return ShapeImages.areSpelt(sweep.data())
        ? sweep.data()
        : absolute(file.toAbsolutePath().resolveSibling(sweep.data()));
  }

  private static String absolute(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }

  private static List<RunSettings> settings(
      Sweep sweep, List<Cell> cells, String name, SweepData images) {
    List<RunSettings> runs = new ArrayList<>();
    for (Cell cell : cells) {
      RunSettings run = RunSettings.of(sweep, cell, name, images);
      try {
        run.network();
      } catch (BadInputException e) {
        throw new BadInputException(
            "the size '%s' is not possible: %s".formatted(run.size(), e.getMessage()), e);
      }
      runs.add(run);
    }
    return runs;
  }

  private List<RunSettings> chosen(
      List<RunSettings> runs, List<RunSettings> apart, SweepFolder folder) {
    if (heldOut) {
      if (apart.isEmpty()) {
        throw new BadInputException(
            "%s has no held-out runs; add some under 'heldOut'".formatted(file));
      }
      int left = runs.size() - folder.outcomes(runs).size();
      if (left > 0) {
        throw new BadInputException(
            "%s not finished; start without --held-out first, then predict the held-out runs by the others' law before they are trained"
                .formatted(left == 1 ? "1 run is" : left + " runs are"));
      }
    }
    List<RunSettings> all = heldOut ? apart : runs;
    for (String name : only) {
      if (all.stream().noneMatch(run -> isNamed(run, name))) {
        throw new BadInputException(
            "there is no run or size '%s'; choose among the sizes %s, or among the runs that --plan lists"
                .formatted(name, all.stream().map(RunSettings::size).distinct().toList()));
      }
    }
    return all.stream()
        .filter(run -> only.isEmpty() || only.stream().anyMatch(name -> isNamed(run, name)))
        .toList();
  }

  private static boolean isNamed(RunSettings run, String name) {
    return run.run().equals(name) || run.size().equals(name);
  }

  private static String line(RunOutcome run) {
    return String.format(
        Locale.ROOT,
        "%s: top-1 %.2f %%, %.4g x 10^12 multiply-accumulates, %.0f CPU seconds",
        run.settings().run(),
        run.last().top1(),
        run.teraMacs(),
        run.cpuSeconds());
  }

  private void end(SweepFolder folder, List<String> failed) {
    Path csv = out.resolve("runs.csv");
    say(
        "table %s, runs %s, plot %s"
            .formatted(out.resolve("table.md"), csv, out.resolve("runs.png")));
    say(
        "the law: vit scaling-law %s --frontier --unit \"10^12 multiply-accumulates\""
            .formatted(csv));
    if (!failed.isEmpty()) {
      say("failed: %s; start again to try again".formatted(String.join(", ", failed)));
    }
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
