package io.github.vit4j.finetune.task;

import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import io.github.vit4j.zoo.checkpoint.TensorInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Holds a task file's tensors against what the task's network needs. */
final class TaskTensors {

  private static final int MOST_TOLD = 5;

  private TaskTensors() {}

  /**
   * @param network the task's, without values
   * @throws BadInputException that tells everything that does not fit, if something does not
   */
  static void require(Checkpoint file, VisionTransformer network, VisionTransformer base) {
    Map<String, ViTParameter> needed = new LinkedHashMap<>();
    network.namedParameters().forEach(p -> needed.put(p.path(), p));
    Map<String, ViTParameter> shared = new LinkedHashMap<>();
    base.namedParameters().forEach(p -> shared.put(p.path(), p));
    List<String> wrong = new ArrayList<>();
    for (TensorInfo tensor : file.tensors()) {
      ViTParameter p = needed.get(tensor.name());
      if (p == null) {
        wrong.add(Shown.quoted(tensor.name()) + " is no weight of this architecture");
      } else if (!tensor.shape().equals(shape(p))) {
        wrong.add("%s is %s but should be %s".formatted(tensor.name(), tensor.shape(), shape(p)));
      } else if (!tensor.type().isFloat()) {
        wrong.add("%s holds %s but should hold floats".formatted(tensor.name(), tensor.type()));
      }
    }
    for (ViTParameter p : needed.values()) {
      ViTParameter theirs = shared.get(p.path());
      boolean inBase = theirs != null && theirs.shape().equals(p.shape());
      Optional<TensorInfo> own = file.find(p.path());
      if (own.isEmpty() && !inBase) {
        wrong.add("%s %s is neither here nor in the base".formatted(p.path(), shape(p)));
      }
    }
    if (!wrong.isEmpty()) {
      throw new BadInputException(
          "%s does not fit its own description: %s%s. Write it anew with TaskFile.write"
              .formatted(
                  file.source(),
                  String.join("; ", wrong.subList(0, Math.min(MOST_TOLD, wrong.size()))),
                  wrong.size() > MOST_TOLD ? "; and " + (wrong.size() - MOST_TOLD) + " more" : ""));
    }
  }

  private static List<Long> shape(ViTParameter p) {
    return Arrays.stream(p.shape().getShape()).boxed().toList();
  }
}
