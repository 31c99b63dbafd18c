package io.github.vit4j.examples.sweep;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.bench.ChildJvm;
import io.github.vit4j.examples.shapes.ShapeImages;
import io.github.vit4j.file.WholeFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
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
 * @param options of Java for it, those of this process included, of which another machine's process
 *     knows nothing
 */
record RunTask(String name, String data, String folder, int engineThreads, List<String> options)
    implements Serializable {

  private static final String HEAP = "-Xmx3g";

  /** {@return a run that is trained with the options of Java that this process was told} */
  static RunTask of(String name, String data, Path folder, int engineThreads) {
    List<String> own = List.of(HEAP, "-Dai.djl.pytorch.num_threads=" + engineThreads);
    return new RunTask(name, data, folder.toString(), engineThreads, ChildJvm.told(own));
  }

  /** Leaves in a run's folder why it has failed. */
  static void explain(Path folder, String why) {
    byte[] line = (why.strip() + "\n").getBytes(StandardCharsets.UTF_8);
    WholeFile.write(folder.resolve(TrainRun.FAILURE), line);
  }

  /** Trains the run, or goes on training it, unless it is finished. */
  void train() throws IOException {
    Path run = Path.of(folder);
    if (!Files.isDirectory(run)) {
      throw new BadInputException(
          "the folder %s is not here on %s; --out must be a folder that all machines have under the same path"
              .formatted(run, Host.name()));
    }
    Path failure = run.resolve(TrainRun.FAILURE);
    if (RunOutcome.read(run).isPresent()) {
      Files.deleteIfExists(failure);
      return;
    }
    if (!ShapeImages.areSpelt(data) && !Files.exists(Path.of(data))) {
      throw new BadInputException(
          "the images %s are not here on %s; all machines must have them under the same path"
              .formatted(data, Host.name()));
    }
    Files.deleteIfExists(failure);
    try {
      ChildJvm.runExactly(TrainRun.class, options, data, folder);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      if (!Files.exists(failure)) {
        explain(run, String.valueOf(e.getMessage()));
      }
      throw new IOException(Files.readString(failure).strip(), e);
    }
  }
}
