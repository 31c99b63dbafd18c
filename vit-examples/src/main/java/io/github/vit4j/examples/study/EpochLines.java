package io.github.vit4j.examples.study;

import com.sun.management.OperatingSystemMXBean;
import io.github.vit4j.finetune.train.EpochMetrics;
import io.github.vit4j.finetune.train.RunPlan;
import io.github.vit4j.finetune.train.TrainListener;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Locale;

/** Says an epoch a line how a training goes, on standard error, and counts what it costs. */
public final class EpochLines implements TrainListener {

  private static final double NANOS = 1e9;

  private final String name;
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private RunPlan plan = new RunPlan(Path.of(""), 0, 0, 0, 0, 0, 0, 0);
  private long cpuAtStart;
  private long cpuAtEnd;
  private int epochs;

  /**
   * Listens to one training.
   *
   * @param name of the training, which lines begin with
   */
  public EpochLines(String name) {
    this.name = name;
  }

  /** {@return what the training has to do; all zeros before it began} */
  public RunPlan plan() {
    return plan;
  }

  /** {@return how many epochs ended in this process} */
  public int epochs() {
    return epochs;
  }

  /**
   * {@return time that all threads of this process together computed, in seconds an epoch, which
   * other work on the machine hardly changes; not a number without an epoch}
   */
  public double cpuSecondsPerEpoch() {
    return epochs == 0 ? Double.NaN : (cpuAtEnd - cpuAtStart) / NANOS / epochs;
  }

  @Override
  public void began(RunPlan begun) {
    plan = begun;
    cpuAtStart = system.getProcessCpuTime();
  }

  @Override
  public void epoch(EpochMetrics metrics, boolean best) {
    epochs++;
    cpuAtEnd = system.getProcessCpuTime();
    System.err.printf(
        Locale.ROOT,
        "%s: epoch %d of %d, loss %.3f, top-1 %.2f %%, %.0f s%n",
        name,
        metrics.epoch(),
        plan.epochs(),
        metrics.trainLoss(),
        metrics.top1(),
        metrics.seconds());
  }

  @Override
  public void note(String text) {
    System.err.println(name + ": " + text);
  }
}
