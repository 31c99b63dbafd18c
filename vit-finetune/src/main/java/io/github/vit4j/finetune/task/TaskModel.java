package io.github.vit4j.finetune.task;

import static java.util.Objects.requireNonNull;

import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.error.Shown;
import io.github.vit4j.model.LowRank;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.Checkpoint;
import java.util.HashMap;
import java.util.Map;

/**
 * Builds a task's model: its own weights from the file, and for all others handles on the base's
 * memory.
 *
 * <p>Handles, not the base's arrays themselves: DJL closes the arrays of a block that is cleared or
 * initialised again, and freezing reaches into them. What is done to a handle the base does not
 * notice.
 */
final class TaskModel {

  private TaskModel() {}

  /**
   * @throws BadInputException if the file is of another base, or does not fit; nothing was built
   */
  static ViTModel open(String name, Checkpoint file, ViTModel base, BaseDigest digest) {
    TaskInfo info = TaskMetadata.read(file);
    if (!info.baseSha256().equals(digest.sha256())) {
      throw new BadInputException(
          "%s was tuned from %s (SHA-256 %s), but the base here is %s (%s); open the model that it was tuned from, at the same image size and with its head"
              .formatted(
                  file.source(),
                  Shown.quoted(info.base()),
                  Shown.quoted(info.baseSha256()),
                  Shown.quoted(digest.name()),
                  digest.sha256()));
    }
    try {
      SameBackbone.require(digest.config(), info.config());
    } catch (BadInputException e) {
      throw new BadInputException(file.source() + ": " + e.getMessage(), e);
    }
    VisionTransformer network =
        new VisionTransformer(info.config(), 0, false, base.network().routes());
    info.lowRank().ifPresent(spec -> addBranches(network, spec, file));
    TaskTensors.require(file, network, base.network());
    return build(name, file, network, info, base);
  }

  private static void addBranches(VisionTransformer network, LowRank.Spec spec, Checkpoint file) {
    try {
      network.lowRank().add(spec.rank(), spec.scale(), spec.layers());
    } catch (BadInputException e) {
      throw new BadInputException(file.source() + ": " + e.getMessage(), e);
    }
  }

  private static ViTModel build(
      String name, Checkpoint file, VisionTransformer network, TaskInfo info, ViTModel base) {
    Map<String, ViTParameter> shared = new HashMap<>();
    base.network().namedParameters().forEach(p -> shared.put(p.path(), p));
    Model model = Model.newInstance(name, base.djlModel().getNDManager().getDevice(), "PyTorch");
    try {
      NDManager handles = model.getNDManager().newSubManager();
      handles.setName("shared with the base");
      network.freezeParameters(true);
      network.initialize(
          model.getNDManager(),
          (p, manager) ->
              file.find(p.path()).isPresent()
                  ? file.array(p.path(), manager)
                  : handle(requireNonNull(shared.get(p.path())), handles));
      model.setBlock(network);
      return ViTModel.of(model, info.preprocessing(), info.labels());
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Another array on the same memory. */
  private static NDArray handle(ViTParameter p, NDManager owner) {
    NDArray handle = p.array().stopGradient();
    handle.attach(owner);
    return handle;
  }
}
