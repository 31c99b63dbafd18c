package io.github.vit4j.examples.cifar10;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.github.vit4j.image.EvalTransform;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;

/**
 * Makes batches of normalised pixels and soft labels: plain ones to evaluate, and augmented ones to
 * train (crop of the image padded by 4, flip, brightness and contrast, CutMix on half the batches).
 */
final class Batches {

  private static final int PAD = 4;
  private static final double SMOOTHING = 0.1;

  private final LabelledImages images;
  private final int classes = LabelledImages.CLASSES.size();

  Batches(LabelledImages images) {
    this.images = images;
  }

  /**
   * A batch.
   *
   * @param pixels (B, 3, H, W)
   * @param targets (B, classes), each row summing to 1
   */
  record Batch(NDArray pixels, NDArray targets) {}

  Batch plain(NDManager manager, int from, int to) {
    int[] order = new int[to - from];
    for (int i = 0; i < order.length; i++) {
      order[i] = from + i;
    }
    float[] targets = new float[order.length * classes];
    FloatBuffer pixels = buffer(order.length);
    for (int i = 0; i < order.length; i++) {
      write(images.pixels().get(order[i]), pixels, i, new View(0, 0, false, 1, 0));
      targets[i * classes + images.labels().get(order[i])] = 1;
    }
    return batch(manager, pixels, targets, order.length);
  }

  Batch augmented(
      NDManager manager, int[] order, int from, int to, boolean mix, SplittableRandom random) {
    int count = to - from;
    int side = images.side();
    FloatBuffer pixels = buffer(count);
    float[] targets = new float[count * classes];
    for (int i = 0; i < count; i++) {
      View view =
          new View(
              random.nextInt(2 * PAD + 1) - PAD,
              random.nextInt(2 * PAD + 1) - PAD,
              random.nextBoolean(),
              (float) (0.8 + 0.4 * random.nextDouble()),
              (float) (0.4 * (random.nextDouble() - 0.5)));
      write(images.pixels().get(order[from + i]), pixels, i, view);
      for (int c = 0; c < classes; c++) {
        targets[i * classes + c] = (float) (SMOOTHING / classes);
      }
      targets[i * classes + images.labels().get(order[from + i])] += (float) (1 - SMOOTHING);
    }
    if (mix && random.nextBoolean()) {
      cutMix(pixels, targets, count, side, random);
    }
    return batch(manager, pixels, targets, count);
  }

  /** How one image is looked at. */
  private record View(int dx, int dy, boolean flip, float contrast, float brightness) {}

  /** Pastes one rectangle of each image onto its mirror in the batch (Yun et al. 2019). */
  private void cutMix(
      FloatBuffer pixels, float[] targets, int count, int side, SplittableRandom random) {
    double area = random.nextDouble(); // Beta(1, 1)
    int cut = (int) (side * Math.sqrt(area));
    int cx = random.nextInt(side);
    int cy = random.nextInt(side);
    int x0 = Math.max(cx - cut / 2, 0);
    int x1 = Math.min(cx + cut / 2, side);
    int y0 = Math.max(cy - cut / 2, 0);
    int y1 = Math.min(cy + cut / 2, side);
    float pasted = (float) ((x1 - x0) * (y1 - y0)) / (side * side);
    for (int i = 0; i < count / 2; i++) {
      int j = count - 1 - i;
      for (int c = 0; c < 3; c++) {
        for (int y = y0; y < y1; y++) {
          for (int x = x0; x < x1; x++) {
            int a = ((i * 3 + c) * side + y) * side + x;
            int b = ((j * 3 + c) * side + y) * side + x;
            float swap = pixels.get(a);
            pixels.put(a, pixels.get(b));
            pixels.put(b, swap);
          }
        }
      }
      for (int c = 0; c < classes; c++) {
        float ti = targets[i * classes + c];
        float tj = targets[j * classes + c];
        targets[i * classes + c] = (1 - pasted) * ti + pasted * tj;
        targets[j * classes + c] = (1 - pasted) * tj + pasted * ti;
      }
    }
  }

  private void write(byte[] rgb, FloatBuffer out, int index, View view) {
    int side = images.side();
    for (int c = 0; c < 3; c++) {
      float mean = EvalTransform.CIFAR10_MEAN.get(c).floatValue();
      float std = EvalTransform.CIFAR10_STD.get(c).floatValue();
      for (int y = 0; y < side; y++) {
        int sy = y + view.dy;
        for (int x = 0; x < side; x++) {
          int sx = (view.flip ? side - 1 - x : x) + view.dx;
          boolean inside = sx >= 0 && sx < side && sy >= 0 && sy < side;
          int at = ((index * 3 + c) * side + y) * side + x;
          float value = inside ? (rgb[(sy * side + sx) * 3 + c] & 0xff) / 255f : mean;
          out.put(at, ((value - mean) * view.contrast + view.brightness * std) / std);
        }
      }
    }
  }

  private FloatBuffer buffer(int count) {
    int values = count * 3 * images.side() * images.side();
    return ByteBuffer.allocateDirect(values * Float.BYTES)
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }

  private Batch batch(NDManager manager, FloatBuffer pixels, float[] targets, int count) {
    int side = images.side();
    return new Batch(
        manager.create(pixels, new Shape(count, 3, side, side)),
        manager.create(targets, new Shape(count, classes)));
  }
}
