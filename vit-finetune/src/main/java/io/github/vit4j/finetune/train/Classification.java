package io.github.vit4j.finetune.train;

import static java.util.Objects.requireNonNull;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.github.vit4j.compute.Scalars;
import io.github.vit4j.finetune.data.ImageBatch;
import io.github.vit4j.finetune.loss.BinaryCrossEntropy;
import io.github.vit4j.finetune.loss.ClassificationLoss;
import io.github.vit4j.finetune.loss.CrossEntropy;
import io.github.vit4j.finetune.loss.Distillation;
import io.github.vit4j.finetune.optim.TrainingStep;
import io.github.vit4j.finetune.recipe.LossKind;
import io.github.vit4j.model.ViTOutput;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.ViTModel;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The recipe's loss between logits and labels, a mean over two heads, or a teacher's share in it.
 */
final class Classification implements Objective {

  private final VisionTransformer network;
  private final ClassificationLoss loss;
  private final @Nullable ViTModel teacher;
  private final @Nullable Distillation distillation;
  private final Map<String, String> settings;
  private final Consumer<Path> best;

  Classification(
      VisionTransformer network,
      LossKind kind,
      @Nullable Teacher teacher,
      Map<String, String> settings,
      Consumer<Path> best) {
    this.network = network;
    this.settings = settings;
    this.best = best;
    loss = loss(kind);
    this.teacher = teacher == null ? null : teacher.model();
    distillation = teacher == null ? null : teacher.rule().over(loss);
  }

  private static ClassificationLoss loss(LossKind kind) {
    return switch (kind) {
      case CROSS_ENTROPY -> new CrossEntropy(0); // targets are smoothed as they are made
      case BINARY_CROSS_ENTROPY -> new BinaryCrossEntropy(0, 0.0);
    };
  }

  @Override
  public Map<String, String> settings() {
    return settings;
  }

  @Override
  public Portion prepare(ImageBatch batch, NDManager scope, Moment at) {
    NDArray pixels = batch.pixels(scope).duplicate(); // memory aligned alike in every process
    return new Labelled(batch, pixels, batch.targets(scope), ask(pixels));
  }

  /** Images and what they show. */
  private final class Labelled implements Portion {

    private final ImageBatch batch;
    private final NDArray pixels;
    private final NDArray targets;
    private final @Nullable NDArray aim;
    private @Nullable NDList outputs;

    Labelled(ImageBatch batch, NDArray pixels, NDArray targets, @Nullable NDArray aim) {
      this.batch = batch;
      this.pixels = pixels;
      this.targets = targets;
      this.aim = aim;
    }

    @Override
    public NDArray loss(TrainingStep step) {
      NDList forward = step.forward(network, new NDList(pixels));
      outputs = forward;
      return of(forward, targets, aim);
    }

    @Override
    public Score score() {
      float[] logits = requireNonNull(outputs).get(0).toFloatArray();
      FloatBuffer wantedRows = batch.targets();
      int classes = logits.length / batch.size();
      float[] row = new float[classes];
      float[] wanted = new float[classes];
      long right = 0;
      for (int i = 0; i < batch.size(); i++) {
        System.arraycopy(logits, i * classes, row, 0, classes);
        wantedRows.get(i * classes, wanted);
        right += Logits.best(row) == Logits.best(wanted) ? 1 : 0;
      }
      return new Score(right, batch.size());
    }
  }

  @Override
  public void best(Path folder) {
    best.accept(folder);
  }

  /** The teacher's logits, owned by the manager of the pixels; null without a teacher. */
  private @Nullable NDArray ask(NDArray pixels) {
    if (teacher == null) {
      return null;
    }
    NDManager owner = pixels.getManager();
    try (ViTOutput out = teacher.network().observe(pixels)) {
      NDArray logits = out.logits().duplicate();
      logits.attach(owner);
      return logits;
    }
  }

  /** The loss, of shape (). Two outputs are those of a distilled model's two heads. */
  private NDArray of(NDList outputs, NDArray targets, @Nullable NDArray aim) {
    if (distillation != null && aim != null) {
      return distillation.between(outputs, targets, aim);
    }
    NDArray first = loss.between(outputs.get(0), targets);
    return outputs.size() == 1
        ? first
        : Scalars.times(first.add(loss.between(outputs.get(1), targets)), 0.5);
  }
}
