package io.github.vit4j.examples.sweep;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.bench.ChildJvm;
import io.github.vit4j.examples.shapes.ShapeImages;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One run to train, on this machine or another: the process that calls {@link #train} starts one of
 * its own for it, because the engine records one training at a time in a process.
 *
 * @param name of the run
 * @param data as this machine and others find it
 * @param folder of the run, within the sweep's, as this machine and others find it
 * @param engineThreads that compute
 */
record RunTask(String name, String data, String folder, int engineThreads) implements Serializable {

  private static final String HEAP = "-Xmx3g";

  /** Trains the run, or goes on training it, unless it is finished. */
  void train() throws IOException {
    Path run = Path.of(folder);
    if (!Files.isDirectory(run)) {
      throw new BadInputException(
          "the folder %s is not here on %s; --out must be a folder that all machines have under the same path"
              .formatted(run, Host.name()));
    }
    if (RunOutcome.read(run).isPresent()) {
      return;
    }
    if (!ShapeImages.areSpelt(data) && !Files.exists(Path.of(data))) {
      throw new BadInputException(
          "the images %s are not here on %s; all machines must have them under the same path"
              .formatted(data, Host.name()));
    }
    try {
      ChildJvm.run(
          TrainRun.class,
          List.of(HEAP, "-Dai.djl.pytorch.num_threads=" + engineThreads),
          data,
          folder);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      Path failure = run.resolve(TrainRun.FAILURE);
      throw Files.exists(failure) ? new IOException(Files.readString(failure), e) : e;
    }
  }
}
