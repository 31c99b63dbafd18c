package io.github.vit4j.examples.sweep;

import io.github.vit4j.error.BadInputException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;

/** One run after another, on this machine. */
final class RunsInSequence implements Runs {

  @Override
  public void train(List<RunTask> tasks, Done done) {
    for (RunTask task : tasks) {
      String failure = "";
      try {
        task.train();
      } catch (InterruptedIOException e) {
        return; // the program is ending
      } catch (IOException | BadInputException e) {
        failure = String.valueOf(e.getMessage());
      }
      done.with(task, failure);
    }
  }
}
