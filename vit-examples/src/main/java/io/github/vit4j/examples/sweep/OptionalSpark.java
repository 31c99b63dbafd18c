package io.github.vit4j.examples.sweep;

import io.github.vit4j.error.BadInputException;
import java.lang.reflect.InvocationTargetException;

/** Finds Spark at run time, because most builds are without it. */
final class OptionalSpark {

  private static final String RUNS = "io.github.vit4j.examples.sweep.SparkRuns";
  private static final String SPARK = "org.apache.spark.api.java.JavaSparkContext";

  private OptionalSpark() {}

  /**
   * {@return runs as tasks of Spark}
   *
   * @param master Spark's address
   * @throws BadInputException if there is no Spark on the class path
   */
  static Runs at(String master) {
    return at(master, OptionalSpark.class.getClassLoader());
  }

  static Runs at(String master, ClassLoader classes) {
    try {
      Class.forName(SPARK, false, classes);
      Class<?> runs = Class.forName(RUNS, true, classes);
      return (Runs) runs.getDeclaredConstructor(String.class).newInstance(master);
    } catch (ClassNotFoundException | NoClassDefFoundError e) {
      throw new BadInputException(
          "Apache Spark is not on the class path; start by ./vit, which adds it for --spark, or build without -Dvit.without.spark",
          e);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof BadInputException bad) {
        throw bad;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
