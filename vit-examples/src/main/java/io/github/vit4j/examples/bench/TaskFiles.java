package io.github.vit4j.examples.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.finetune.task.BaseDigest;
import io.github.vit4j.finetune.task.TaskFile;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.Role;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A base of random weights, and models that differ from it where attention-only training would make
 * them: noise on attention and positions, and a head of their own; each as a task and whole.
 *
 * @param base the base's file
 * @param tasks the task files
 * @param whole the same models, whole
 */
record TaskFiles(Path base, List<Path> tasks, List<Path> whole) {

  private static final int CLASSES = 100;
  private static final float NOISE = 0.01f;

  static TaskFiles write(VisionTransformer network, int count, Path folder) {
    Path base = folder.resolve("base.safetensors");
    List<Path> tasks = new ArrayList<>();
    List<Path> whole = new ArrayList<>();
    Model model = Model.newInstance("base", Device.cpu(), "PyTorch");
    network.initialize(model.getNDManager());
    try (ViTModel from = finished(model, network)) {
      from.save(base, TensorType.F32);
      BaseDigest digest = BaseDigest.of(from);
      for (int i = 0; i < count; i++) {
        tasks.add(folder.resolve(i + ".task.safetensors"));
        whole.add(folder.resolve(i + ".safetensors"));
        try (ViTModel tuned = tuned(network)) {
          tuned.save(whole.get(i), TensorType.F32);
          TaskFile.writer(tuned, digest).write(tasks.get(i));
        }
      }
    }
    return new TaskFiles(base, tasks, whole);
  }

  private static ViTModel tuned(VisionTransformer base) {
    Map<String, ViTParameter> from = new HashMap<>();
    base.namedParameters().forEach(p -> from.put(p.path(), p));
    VisionTransformer network = new VisionTransformer(base.config().withClasses(CLASSES), 0, false);
    Model model = Model.newInstance("tuned", Device.cpu(), "PyTorch");
    network.initialize(
        model.getNDManager(),
        (p, manager) -> {
          ViTParameter old = from.get(p.path());
          return old == null || p.role() == Role.HEAD
              ? manager.randomNormal(p.shape())
              : values(old, manager);
        });
    return finished(model, network);
  }

  private static NDArray values(ViTParameter old, NDManager manager) {
    NDArray copy = old.array().duplicate();
    copy.attach(manager);
    if (old.role() == Role.ATTENTION || old.role() == Role.POS_EMBED) {
      try (NDArray noise = manager.randomNormal(old.shape())) {
        copy.addi(noise.muli(NOISE));
      }
    }
    return copy;
  }

  private static ViTModel finished(Model model, VisionTransformer network) {
    network.freezeParameters(true);
    model.setBlock(network);
    return ViTModel.of(
        model,
        EvalTransform.ofSize(network.config().imageHeight()),
        Label.numbered(network.config().classes()));
  }
}
