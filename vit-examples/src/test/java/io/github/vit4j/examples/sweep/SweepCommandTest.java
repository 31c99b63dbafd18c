package io.github.vit4j.examples.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.Terminal;
import io.github.vit4j.finetune.scaling.ScalingPointsFile;
import io.github.vit4j.finetune.train.EpochMetrics;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A sweep of two runs on drawn shapes, in sequence and as tasks of Spark, in real processes. */
class SweepCommandTest {

  private static final List<String> NAMES = List.of("s-f0.5-e1", "s-f1-e1");

  private static final String FILE =
      """
      {
        "data": "shapes:48",
        "model": {"imageSize": 16, "patchSize": 8, "mlpRatio": 2, "headWidth": 8},
        "training": {"batch": 16, "rate": 0.001, "rateAtWidth": 8, "ratePower": -0.5},
        "sizes": [{"name": "s", "width": 8, "depth": 1}],
        "fractions": [0.5, 1],
        "epochs": [1],
        "heldOut": [{"name": "l", "width": 16, "depth": 2, "fraction": 1, "epochs": 2}]
      }
      """;

  @TempDir static Path folder;
  private static Path file;
  private static Path out;
  private static Outcome first;

  private record Outcome(int code, String out, String err) {}

  @BeforeAll
  static void trainInSequence() throws IOException {
    file = Files.writeString(folder.resolve("sweep.json"), FILE);
    out = folder.resolve("sequence");
    first = sweep(file, "--out", out);
  }

  private static Outcome sweep(Object... arguments) {
    StringWriter words = new StringWriter();
    StringWriter errors = new StringWriter();
    CommandLine line = Terminal.commandLine(new SweepCommand());
    line.setOut(new PrintWriter(words, true));
    line.setErr(new PrintWriter(errors, true));
    int code = line.execute(Arrays.stream(arguments).map(Object::toString).toArray(String[]::new));
    return new Outcome(code, words.toString(), errors.toString());
  }

  private static void refused(Outcome outcome, String words) {
    assertThat(outcome.err()).startsWith("vit: ").contains(words);
    assertThat(outcome.err().strip().lines()).hasSize(1);
    assertThat(outcome.code()).isEqualTo(2);
  }

  /** The file with something else in it. */
  private static Path changed(String name, String from, String to) throws IOException {
    assertThat(FILE).contains(from);
    return Files.writeString(folder.resolve(name), FILE.replace(from, to));
  }

  @Test
  void everyRunIsAFolderWithItsOutcome() {
    assertThat(first.err()).isEmpty();
    assertThat(first.code()).isZero();
    assertThat(first.out()).contains("3 runs, 0 of them finished, 2 to train now");
    for (String name : NAMES) {
      assertThat(out.resolve(name).resolve("training/last.safetensors")).exists();
      RunOutcome run = RunOutcome.read(out.resolve(name)).orElseThrow();
      assertThat(run.settings().run()).isEqualTo(name);
      assertThat(run.imagesSeen()).isEqualTo(48);
      assertThat(run.parameters()).isEqualTo(run.settings().network().summary().parameters());
      assertThat(run.compute()).isEqualTo(3.0 * 48 * run.forwardMacs());
      assertThat(run.cpuSeconds()).isPositive();
      assertThat(run.epochs()).hasSize(1);
    }
    assertThat(out.resolve("s-f1-e1/training")).isDirectoryNotContaining("glob:**/state-*");
  }

  @Test
  void aLawReadsTheTableAsItIs() throws IOException {
    var points = ScalingPointsFile.read(out.resolve("runs.csv"));
    assertThat(points).hasSize(2);
    RunOutcome run = RunOutcome.read(out.resolve(NAMES.get(1))).orElseThrow();
    assertThat(points.get(1).name()).isEqualTo(NAMES.get(1));
    assertThat(points.get(1).error()).isBetween(run.error() - 1e-6, run.error() + 1e-6);
    assertThat(points.get(1).compute() * 1e12)
        .isBetween(run.compute() * 0.9999, run.compute() * 1.0001);
    assertThat(Files.readString(out.resolve("table.md"))).contains("s-f0.5-e1", "s-f1-e1");
    assertThat(out.resolve("heldout.csv")).doesNotExist();
  }

  @Test
  void finishedRunsAreNotRepeated() throws IOException {
    Path outcome = out.resolve(NAMES.get(0)).resolve("outcome.json");
    FileTime before = Files.getLastModifiedTime(outcome);
    Outcome again = sweep(file, "--out", out);
    assertThat(again.out()).contains("2 of them finished, 0 to train now");
    assertThat(Files.getLastModifiedTime(outcome)).isEqualTo(before);
    Outcome plan =
        sweep(changed("more.json", "[0.5, 1]", "[0.5, 0.75, 1]"), "--out", out, "--plan");
    assertThat(plan.out().lines().filter(line -> line.endsWith("finished"))).hasSize(2);
    assertThat(plan.out()).contains("s-f0.75-e1", "3 runs", "held out, trained by --held-out");
    assertThat(out.resolve("s-f0.75-e1")).doesNotExist();
  }

  @Test
  void aRunThatFailsIsNamedAndTriedAgain() throws IOException {
    Path bad = folder.resolve("bad");
    Path foreign = Files.createDirectories(bad.resolve("s-f1-e1/training")).resolve("mine.txt");
    Files.writeString(foreign, "not of a run");
    Outcome outcome = sweep(file, "--out", bad, "--only", "s-f1-e1");
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.out()).contains("holds other files, such as mine.txt", "failed: s-f1-e1;");
    assertThat(bad.resolve("s-f1-e1/failure.txt"))
        .content()
        .contains("holds other files, such as mine.txt");
    Outcome plan = sweep(file, "--out", bad, "--plan");
    assertThat(plan.out().lines().filter(line -> line.endsWith("begun"))).hasSize(1);
  }

  @Test
  void aProcessThatDiesLeavesWhy() throws IOException {
    Path run = Files.createDirectories(folder.resolve("dies"));
    RunTask.explain(run, "what was wrong before");
    List<String> java = List.of("-XX:NoSuchOption");
    RunTask task = new RunTask("r", "shapes:48", run.toString(), 1, java);
    assertThatThrownBy(task::train).hasMessage("the process of TrainRun ended with exit code 1");
    assertThat(run.resolve("failure.txt")).content().contains("exit code 1").hasLineCount(1);
  }

  @Test
  void aRunIsBegunWhenItsTrainingIs() throws IOException {
    Path fresh = Files.createDirectories(folder.resolve("prepared"));
    SweepFolder sweep = new SweepFolder(fresh);
    RunSettings run = RunOutcome.read(out.resolve(NAMES.get(0))).orElseThrow().settings();
    sweep.prepare(List.of(run));
    assertThat(sweep.hasBegun(run)).isFalse();
    assertThat(new SweepPlan(List.of(run), List.of(), sweep).toString()).doesNotContain("begun");
    Path faster = changed("fast.json", "0.001", "0.003");
    assertThat(sweep(faster, "--out", fresh, "--plan").code()).isZero();
    Files.createDirectories(fresh.resolve(run.run()).resolve("training"));
    assertThat(sweep.hasBegun(run)).isTrue();
    refused(sweep(faster, "--out", fresh, "--plan"), "rate was 0.001 and is 0.003");
  }

  @Test
  void aPlanSpeaksOfComputeAsTablesDo() throws IOException {
    RunOutcome run = RunOutcome.read(out.resolve(NAMES.get(1))).orElseThrow();
    String compute = String.format(Locale.ROOT, "%.4g", run.teraMacs());
    assertThat(sweep(file, "--out", out, "--plan").out())
        .contains(compute + "  finished", "x 10^12 multiply-accumulates in all");
  }

  @Test
  void otherSettingsUnderTheSameNameAreRefused() throws IOException {
    Path faster = changed("rate.json", "0.001", "0.002");
    refused(
        sweep(faster, "--out", out), "s-f0.5-e1 holds a run with other settings: rate was 0.001");
    refused(
        sweep(file, "--out", out, "--data", "shapes:60"), "data was shapes:48 and is shapes:60");
  }

  @Test
  void sparkComesToTheSame() throws IOException {
    Path spark = folder.resolve("spark");
    Outcome outcome = sweep(file, "--out", spark, "--spark", "local[2]");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    for (String name : NAMES) {
      RunOutcome here = RunOutcome.read(spark.resolve(name)).orElseThrow();
      RunOutcome there = RunOutcome.read(out.resolve(name)).orElseThrow();
      assertThat(here.settings()).isEqualTo(there.settings());
      assertThat(untimed(here)).isEqualTo(untimed(there));
    }
    assertThat(columns(spark)).isEqualTo(columns(out));
  }

  private static List<List<Double>> untimed(RunOutcome run) {
    List<List<Double>> values = new ArrayList<>();
    for (EpochMetrics e : run.epochs()) {
      values.add(List.of(e.rate(), e.trainLoss(), e.loss(), e.top1(), e.top5(), e.gradientNorm()));
    }
    return values;
  }

  /** All but the last column, which is time. */
  private static List<String> columns(Path folder) throws IOException {
    return Files.readAllLines(folder.resolve("runs.csv")).stream()
        .map(line -> line.substring(0, line.lastIndexOf(',')))
        .toList();
  }

  @Test
  void heldOutRunsComeLast() throws IOException {
    Path fresh = folder.resolve("fresh");
    refused(sweep(file, "--out", fresh, "--held-out"), "2 runs are not finished");
    assertThat(fresh).doesNotExist();
    refused(
        sweep(file, "--out", out, "--held-out", "--only", "s"),
        "there is no run or size 's'; choose among the sizes [l]");
    Path none = changed("none.json", "\"heldOut\"", "\"about\"");
    refused(sweep(none, "--out", out, "--held-out"), "has no held-out runs");
  }

  @Test
  void whatMakesNoSenseIsSaid() throws IOException {
    refused(sweep(file, "--out", out, "--only", "x"), "there is no run or size 'x'");
    refused(sweep(file, "--out", out, "--engine-threads", 0), "threads");
    refused(sweep(folder.resolve("no.json"), "--out", out), "does not exist");
    refused(sweep(file, "--out", out, "--data", folder.resolve("no.tar")), "does not exist");
    Path odd = changed("odd.json", "\"patchSize\": 8", "\"patchSize\": 7");
    refused(sweep(odd, "--out", folder.resolve("o")), "the size 's' is not possible");
    refused(sweep(file, "--out", file), "cannot make the folder");
  }

  @Test
  void aTaskSaysWhatItsMachineLacks() throws IOException {
    RunTask away = RunTask.of("r", "shapes:48", folder.resolve("away"), 1);
    assertThatThrownBy(away::train)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--out must be a folder that all machines have");
    Path run = Files.createDirectories(folder.resolve("empty"));
    RunTask blind = RunTask.of("r", folder.resolve("no.tar").toString(), run, 1);
    assertThatThrownBy(blind::train)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("all machines must have them under the same path");
    assertThat(new SparkTask().call(away)).startsWith("on ").contains("--out must be");
  }

  @Test
  void withoutSparkThereIsOneClearLine() {
    assertThatThrownBy(() -> OptionalSpark.at("local", ClassLoader.getPlatformClassLoader()))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("Apache Spark is not on the class path; start by ./vit");
    refused(
        sweep(file, "--out", folder.resolve("odd"), "--spark", "nowhere"),
        "Spark at nowhere gave up:");
  }
}
