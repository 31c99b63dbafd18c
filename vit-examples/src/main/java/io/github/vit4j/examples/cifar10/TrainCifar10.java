package io.github.vit4j.examples.cifar10;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.vit4j.ViT;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** Development form of the trainer. */
public final class TrainCifar10 {

  private TrainCifar10() {}

  public static void main(String[] args) throws IOException {
    Path tar = Path.of(args[0]);
    Path out = Path.of(args[1]);
    int epochs = Integer.parseInt(args[2]);
    int width = Integer.parseInt(args[3]);
    int depth = Integer.parseInt(args[4]);
    float base = Float.parseFloat(args[5]);
    int maxSteps = args.length > 6 ? Integer.parseInt(args[6]) : Integer.MAX_VALUE;
    Files.createDirectories(out);
    LabelledImages train = LabelledImages.fromTar(tar, "train");
    LabelledImages test = LabelledImages.fromTar(tar, "test");
    int batchSize = 64;
    int stepsPerEpoch = train.size() / batchSize;
    int total = epochs * stepsPerEpoch;
    VisionTransformer vit =
        ViT.builder()
            .imageSize(32)
            .patchSize(4)
            .width(width)
            .depth(depth)
            .heads(width / 64)
            .mlpRatio(2)
            .parallel(2)
            .hmlpStem(2, 2, 1)
            .pooling(Pooling.MEAN)
            .classes(10)
            .build();
    System.out.println(vit.summary());
    Files.writeString(out.resolve("config.json"), vit.config().toJson());
    try (NDManager manager = NDManager.newBaseManager()) {
      vit.initialize(manager);
      List<ViTParameter> trainable =
          vit.namedParameters().stream().filter(p -> p.parameter().requiresGradient()).toList();
      AdamW adam = new AdamW(manager, trainable, 0.05f);
      int step = load(manager, vit, adam, out);
      long start = System.nanoTime();
      int first = step;
      float sum = 0;
      while (step < total && step - first < maxSteps) {
        int epoch = step / stepsPerEpoch;
        int[] order = shuffled(train.size(), epoch);
        SplittableRandom random = new SplittableRandom(31L * step + 7);
        Engine.getInstance().setRandomSeed(1000 + step);
        int at = step % stepsPerEpoch * batchSize;
        double warm = Math.min(1, (step + 1) / (4.0 * stepsPerEpoch));
        float rate = (float) (base * warm * (0.5 + 0.5 * Math.cos(Math.PI * step / total)));
        try (NDManager scope = manager.newSubManager()) {
          Batches.Batch batch =
              new Batches(train)
                  .augmented(scope, order, at, at + batchSize, step < 0.75 * total, random);
          NDArray loss;
          try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDArray logits =
                vit.forward(new ParameterStore(scope, false), new NDList(batch.pixels()), true)
                    .singletonOrThrow();
            loss = logits.logSoftmax(-1).mul(batch.targets()).sum().div(-batchSize);
            collector.backward(loss);
          }
          step++;
          adam.step(scope, step, rate, 1);
          sum += loss.getFloat();
        }
        if (step % 100 == 0) {
          double seconds = (System.nanoTime() - start) / 1e9;
          System.out.printf(
              Locale.ROOT,
              "step %d/%d epoch %.2f loss %.4f rate %.5f, %.0f img/s, %d arrays%n",
              step,
              total,
              (double) step / stepsPerEpoch,
              sum / 100,
              rate,
              (step - first) * (double) batchSize / seconds,
              manager.getManagedArrays().size());
          sum = 0;
        }
        if (step % stepsPerEpoch == 0) {
          save(vit, adam, step, out);
          System.out.printf(
              Locale.ROOT,
              "epoch %d: top-1 %.2f %%%n",
              step / stepsPerEpoch,
              accuracy(manager, vit, test));
        }
      }
    }
  }

  private static double accuracy(NDManager manager, VisionTransformer vit, LabelledImages test) {
    int right = 0;
    for (int from = 0; from < test.size(); from += 250) {
      int to = Math.min(from + 250, test.size());
      try (NDManager scope = manager.newSubManager()) {
        Batches.Batch batch = new Batches(test).plain(scope, from, to);
        NDArray logits =
            vit.forward(new ParameterStore(scope, false), new NDList(batch.pixels()), false)
                .singletonOrThrow();
        long[] best = logits.argMax(1).toLongArray();
        for (int i = 0; i < best.length; i++) {
          right += best[i] == test.labels().get(from + i) ? 1 : 0;
        }
      }
    }
    return 100.0 * right / test.size();
  }

  private static int[] shuffled(int size, int epoch) {
    SplittableRandom random = new SplittableRandom(epoch);
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }

  private static NDList state(VisionTransformer vit, AdamW adam) {
    NDList all = new NDList();
    vit.namedParameters().forEach(p -> all.add(p.array()));
    all.addAll(new NDList(adam.means));
    all.addAll(new NDList(adam.variances));
    return all;
  }

  private static void save(VisionTransformer vit, AdamW adam, int step, Path out)
      throws IOException {
    Path partial = out.resolve("state.partial");
    try (OutputStream stream = Files.newOutputStream(partial);
        NDManager scope = NDManager.newBaseManager()) {
      NDList all = new NDList(scope.create((long) step));
      all.addAll(state(vit, adam));
      all.encode(stream);
    }
    Files.move(partial, out.resolve("state.ndl"), StandardCopyOption.REPLACE_EXISTING);
  }

  private static int load(NDManager manager, VisionTransformer vit, AdamW adam, Path out)
      throws IOException {
    Path file = out.resolve("state.ndl");
    if (!Files.exists(file)) {
      return 0;
    }
    try (InputStream stream = Files.newInputStream(file);
        NDManager scope = manager.newSubManager()) {
      NDList saved = NDList.decode(scope, stream);
      NDList now = state(vit, adam);
      for (int i = 0; i < now.size(); i++) {
        saved.get(i + 1).copyTo(now.get(i));
      }
      return (int) saved.get(0).getLong();
    }
  }
}
