package io.github.vit4j.examples.bench;

import com.google.gson.GsonBuilder;
import io.github.vit4j.ViT;
import io.github.vit4j.ViTBuilder;
import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What tasks that share a backbone cost in storage and in peak resident memory, beside whole copies
 * of the same models; memory in fresh processes, less that of the bare engine.
 *
 * <p>Command: {@code ./vit bench-tasks}. Figures are in {@code docs/tasks.md}.
 */
@Command(
    name = "bench-tasks",
    description = "Measure storage and memory of tasks that share a backbone; Linux only.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class TaskCost implements Callable<Integer> {

  private static final double MIB = 1 << 20;

  private enum Shape {
    TINY,
    SMALL,
    BASE;

    ViTBuilder builder() {
      return switch (this) {
        case TINY -> ViT.builder().tiny();
        case SMALL -> ViT.builder().small();
        case BASE -> ViT.builder().base();
      };
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--shape",
      split = ",",
      paramLabel = "SHAPE",
      defaultValue = "small,base",
      description = "tiny, small or base, of random weights. Default: ${DEFAULT-VALUE}.")
  private List<Shape> shapes;

  @Option(
      names = "--tasks",
      paramLabel = "N",
      defaultValue = "6",
      description = "How many tasks beside one. Default: ${DEFAULT-VALUE}.")
  private int tasks;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "3",
      description = "Processes of each kind; the median counts. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(names = "--json", description = "Write a JSON object a line for programs.")
  private boolean json;

  /**
   * What was measured for a number of models of one shape, in bytes.
   *
   * @param shape of the model
   * @param models how many tasks, or whole copies
   * @param sharedFiles the base's file and the task files
   * @param wholeFiles the whole copies' files
   * @param sharedMemory what the base and the tasks add to the engine's peak memory, an image
   *     classified with each of them
   * @param wholeMemory what the whole copies add
   */
  record Row(
      String shape,
      int models,
      long sharedFiles,
      long wholeFiles,
      long sharedMemory,
      long wholeMemory) {}

  @Override
  public Integer call() throws IOException {
    if (rounds < 1 || tasks < 2) {
      throw new BadInputException(
          "--rounds must be at least 1 and --tasks at least 2, but they are %d and %d"
              .formatted(rounds, tasks));
    }
    ChildJvm.requireFiguresOf("peak memory");
    for (Shape shape : shapes) {
      Path folder = Files.createTempDirectory("vit4j-bench");
      try {
        measure(shape, TaskFiles.write(shape.builder().build(), tasks, folder));
      } finally {
        delete(folder);
      }
    }
    return 0;
  }

  private void measure(Shape shape, TaskFiles files) throws IOException {
    long engine = median(List.of("engine"), OpenOnce.class);
    Row one = row(shape, files, 1, engine);
    Row all = row(shape, files, tasks, engine);
    if (json) {
      List.of(one, all)
          .forEach(
              row -> spec.commandLine().getOut().println(new GsonBuilder().create().toJson(row)));
    } else {
      print(one, all);
    }
    spec.commandLine().getOut().flush();
  }

  private Row row(Shape shape, TaskFiles files, int models, long engine) throws IOException {
    List<Path> shared = new ArrayList<>(List.of(files.base()));
    shared.addAll(files.tasks().subList(0, models));
    List<Path> whole = files.whole().subList(0, models);
    return new Row(
        shape.name().toLowerCase(Locale.ROOT),
        models,
        bytes(shared),
        bytes(whole),
        median(arguments("shared", shared), TaskOnce.class) - engine,
        median(arguments("whole", whole), TaskOnce.class) - engine);
  }

  private static List<String> arguments(String kind, List<Path> files) {
    return Stream.concat(Stream.of(kind), files.stream().map(Path::toString)).toList();
  }

  private static long bytes(List<Path> files) throws IOException {
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    return bytes;
  }

  private long median(List<String> arguments, Class<?> program) throws IOException {
    List<Long> peaks = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      String line = ChildJvm.run(program, List.of(), arguments.toArray(String[]::new));
      peaks.add(Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)));
    }
    return (long) Medians.of(peaks, peak -> peak);
  }

  private void print(Row one, Row all) {
    var out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "%-34s %10s %10s %16s%n",
        one.shape,
        "1 task",
        all.models + " tasks",
        "each further one");
    line("files: base and tasks, MiB", one.sharedFiles, all.sharedFiles, all.models);
    line("files: whole copies, MiB", one.wholeFiles, all.wholeFiles, all.models);
    line("memory: base and tasks, MiB", one.sharedMemory, all.sharedMemory, all.models);
    line("memory: whole copies, MiB", one.wholeMemory, all.wholeMemory, all.models);
    out.printf(
        Locale.ROOT,
        "saved by each further task: %.1f %% of storage, %.1f %% of memory%n",
        saved(all.sharedFiles - one.sharedFiles, all.wholeFiles - one.wholeFiles),
        saved(all.sharedMemory - one.sharedMemory, all.wholeMemory - one.wholeMemory));
  }

  private void line(String what, long one, long all, int models) {
    spec.commandLine()
        .getOut()
        .printf(
            Locale.ROOT,
            "%-34s %10.1f %10.1f %16.1f%n",
            what,
            one / MIB,
            all / MIB,
            (all - one) / MIB / (models - 1));
  }

  private static double saved(long tasks, long copies) {
    return 100.0 * (copies - tasks) / copies;
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }
}
