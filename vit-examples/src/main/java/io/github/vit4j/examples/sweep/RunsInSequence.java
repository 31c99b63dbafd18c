package io.github.vit4j.examples.sweep;

import java.io.IOException;
import java.util.List;

/** One run after another, on this machine. */
final class RunsInSequence implements Runs {

  @Override
  public void train(List<RunTask> tasks, Done done) {
    for (RunTask task : tasks) {
      String failure = "";
      try {
        task.train();
      } catch (IOException e) {
        failure = String.valueOf(e.getMessage());
      }
      done.with(task, failure);
    }
  }
}
