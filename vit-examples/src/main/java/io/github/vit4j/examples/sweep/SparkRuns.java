package io.github.vit4j.examples.sweep;

import io.github.vit4j.error.BadInputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Runs as tasks of Apache Spark, one job with a task a run. Spark says which machine trains what,
 * and how many runs at once.
 *
 * <p>Settings of Spark come from Java's properties, as in {@code -Dspark.executor.memory=2g}. This
 * class and {@link SparkTask} are all that knows Spark; builds without it leave them out.
 */
final class SparkRuns implements Runs {

  private static final long LOOK_SECONDS = 1;

  private final String master;

  /**
   * Prepares for an engine.
   *
   * @param master Spark's address: {@code local[2]}, {@code local[*]}, {@code spark://host:7077}
   */
  SparkRuns(String master) {
    this.master = master;
    boolean open =
        Object.class.getModule().isOpen("sun.nio.ch", SparkRuns.class.getModule())
            && Object.class.getModule().isOpen("java.lang.invoke", SparkRuns.class.getModule());
    if (!open) {
      throw new BadInputException(
          "Spark needs options of Java that are not set; start by ./vit, which sets them, or add @vit-examples/spark.options to java");
    }
  }

  @Override
  public void train(List<RunTask> tasks, Done done) {
    if (tasks.isEmpty()) {
      return;
    }
    try (JavaSparkContext spark = new JavaSparkContext(settings(tasks.get(0)))) {
      BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();
      spark
          .sc()
          .addSparkListener(
              new SparkListener() {
                @Override
                public void onTaskEnd(SparkListenerTaskEnd end) {
                  ended.add(end.taskInfo().index());
                }
              });
      JavaFutureAction<List<String>> job =
          spark.parallelize(tasks, tasks.size()).map(new SparkTask()).collectAsync();
      Set<Integer> told = new TreeSet<>();
      while (!job.isDone()) {
        Integer index = ended.poll(LOOK_SECONDS, TimeUnit.SECONDS);
        if (index != null && isFinished(tasks.get(index)) && told.add(index)) {
          done.with(tasks.get(index), "");
        }
      }
      List<String> failures = job.get();
      for (int i = 0; i < tasks.size(); i++) {
        if (!told.contains(i)) {
          done.with(tasks.get(i), failure(tasks.get(i), failures.get(i)));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new BadInputException("interrupted; start again to go on", e);
    } catch (BadInputException e) {
      throw e;
    } catch (
        Exception e) { // as Scala may, Spark throws checked exceptions that it does not declare
      throw failed(e);
    }
  }

  private static boolean isFinished(RunTask task) {
    return RunOutcome.read(Path.of(task.folder())).isPresent();
  }

  private static String failure(RunTask task, String said) {
    return said.isEmpty() && !isFinished(task)
        ? "it was trained, but its outcome is not in %s here; --out must be a folder that all machines have under the same path"
            .formatted(task.folder())
        : said;
  }

  private BadInputException failed(Exception e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return new BadInputException(
        "Spark at %s gave up: %s; finished runs are kept, so start again when it is mended"
            .formatted(master, root.getMessage()),
        e);
  }

  private SparkConf settings(RunTask any) {
    SparkConf settings =
        new SparkConf()
            .setMaster(master)
            .setAppName("vit sweep")
            .setIfMissing("spark.task.cpus", String.valueOf(any.engineThreads()))
            .setIfMissing("spark.ui.enabled", "false")
            // workers find classes where this machine does, which leaves Spark nothing to send
            .setIfMissing("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    return master.startsWith("local")
        ? settings
            .setIfMissing("spark.driver.host", "localhost") // no port is open to other machines
            .setIfMissing("spark.driver.bindAddress", "127.0.0.1")
        : settings;
  }
}
