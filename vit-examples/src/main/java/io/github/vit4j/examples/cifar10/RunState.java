package io.github.vit4j.examples.cifar10;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.model.VisionTransformer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** All that an interrupted run needs to go on: step, weights and the optimiser's moments. */
final class RunState {

  private final VisionTransformer vit;
  private final AdamW optimizer;
  private final Path file;

  RunState(VisionTransformer vit, AdamW optimizer, Path folder) {
    this.vit = vit;
    this.optimizer = optimizer;
    file = folder.resolve("state.ndl");
  }

  private NDList arrays() {
    NDList all = new NDList();
    vit.namedParameters().forEach(p -> all.add(p.array()));
    all.addAll(new NDList(optimizer.means));
    all.addAll(new NDList(optimizer.variances));
    return all;
  }

  /** Replaces the last state once the new one is complete. */
  void save(int step) throws IOException {
    Path partial = file.resolveSibling("state.partial");
    try (OutputStream stream = Files.newOutputStream(partial);
        NDManager scope = NDManager.newBaseManager()) {
      NDList all = new NDList(scope.create((long) step));
      all.addAll(arrays());
      all.encode(stream);
    }
    Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
  }

  /** {@return the step to go on from; 0 if there is nothing to resume} */
  int resume(NDManager manager) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try (InputStream stream = Files.newInputStream(file);
        NDManager scope = manager.newSubManager()) {
      NDList saved = NDList.decode(scope, stream);
      NDList now = arrays();
      if (saved.size() != now.size() + 1) {
        throw new BadInputException(file + " is of another model; choose another folder");
      }
      for (int i = 0; i < now.size(); i++) {
        saved.get(i + 1).copyTo(now.get(i));
      }
      return (int) saved.get(0).getLong();
    }
  }
}
