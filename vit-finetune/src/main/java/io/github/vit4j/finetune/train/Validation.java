package io.github.vit4j.finetune.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.ParameterStore;
import io.github.vit4j.finetune.data.BatchLoader;
import io.github.vit4j.finetune.data.BatchLoaderSettings;
import io.github.vit4j.finetune.data.ImageBatch;
import io.github.vit4j.finetune.data.UnreadableSample;
import io.github.vit4j.finetune.evaluate.Accuracy;
import io.github.vit4j.finetune.evaluate.ConfusionMatrix;
import io.github.vit4j.model.VisionTransformer;
import java.util.Arrays;
import java.util.List;

/** Measures a network on images that it does not learn from. */
final class Validation {

  private final BatchLoaderSettings images;
  private final NDManager manager;
  private final TrainListener listener;

  Validation(BatchLoaderSettings images, NDManager manager, TrainListener listener) {
    this.images = images.epochs(1);
    this.manager = manager;
    this.listener = listener;
  }

  /** What was found; the loss is the mean cross-entropy. */
  record Found(
      Accuracy accuracy,
      double loss,
      ConfusionMatrix confusion,
      List<UnreadableSample> unreadable) {

    /** The epoch's metrics with these. */
    EpochMetrics in(EpochMetrics epoch) {
      return epoch.validated(
          loss,
          accuracy.top1Percent(),
          accuracy.top5Percent(),
          100 * confusion.meanClassAccuracy());
    }
  }

  Found measure(VisionTransformer network) {
    Accuracy accuracy = Accuracy.NONE;
    ConfusionMatrix confusion = new ConfusionMatrix(images.data().classes());
    double loss = 0;
    int done = 0;
    try (BatchLoader loader = images.start()) {
      while (loader.hasNext()) {
        try (ImageBatch batch = loader.next()) {
          if (batch.size() == 0) {
            continue; // none of them could be read
          }
          int[] labels = batch.labels();
          float[][] rows = logits(network, batch);
          for (int i = 0; i < batch.size(); i++) {
            accuracy = accuracy.plus(rows[i], labels[i]);
            confusion.add(labels[i], Logits.best(rows[i]));
            loss += Logits.crossEntropy(rows[i], labels[i]);
          }
          done += batch.size();
          listener.evaluated(done, images.data().size());
        }
      }
      return new Found(
          accuracy, done == 0 ? Double.NaN : loss / done, confusion, loader.unreadable());
    }
  }

  private float[][] logits(VisionTransformer network, ImageBatch batch) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray pixels = batch.pixels(scope).duplicate(); // into memory that is aligned alike always
      NDArray logits =
          network.forward(new ParameterStore(scope, false), new NDList(pixels), false).get(0);
      float[] all = logits.toFloatArray(); // (B, classes)
      int classes = all.length / batch.size();
      float[][] rows = new float[batch.size()][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Arrays.copyOfRange(all, i * classes, (i + 1) * classes);
      }
      return rows;
    }
  }
}
