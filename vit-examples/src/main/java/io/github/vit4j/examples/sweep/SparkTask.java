package io.github.vit4j.examples.sweep;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import org.apache.spark.api.java.function.Function;

/**
 * A run as a task of Spark. It never fails as one, because that would end the whole job: it says
 * why the run is not finished. A task whose machine is lost is started elsewhere by Spark, and goes
 * on from the run's last checkpoint.
 */
final class SparkTask implements Function<RunTask, String> {

  private static final long serialVersionUID = 1;

  @Override
  public String call(RunTask task) {
    try {
      task.train();
      return "";
    } catch (IOException | BadInputException e) {
      return "on " + Host.name() + ": " + e.getMessage();
    }
  }
}
