package io.github.vit4j.examples.cifar10;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.vit4j.ViT;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.ViTParameter;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Trains the small model that ships with the library, from nothing, by a plain loop.
 *
 * <p>3 blocks of 2 parallel branches, width 128, an hMLP stem with kernels 2, 2, 1 on patches of 4
 * pixels, mean pooling: 813,770 parameters. AdamW at 1e-3 with warm-up and cosine, batch 64, label
 * smoothing .1, crops, flips, CutMix for the first three fifths.
 *
 * <p>Command: {@code ./vit train-cifar10 cifar10-jpeg.tar}. Cost and accuracy are in {@code
 * docs/results/cifar10.md}.
 */
@Command(
    name = "train-cifar10",
    description = "Train the small CIFAR-10 model that ships with the library.",
    mixinStandardHelpOptions = true)
public final class TrainCifar10 implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(TrainCifar10.class);
  private static final int BATCH = 64;
  private static final float RATE = 1e-3f;
  private static final float DECAY = 0.05f;
  private static final double WARM_UP_EPOCHS = 2;
  private static final double MIXED_SHARE = 0.6;
  private static final float MAX_NORM = 1;

  @Parameters(
      paramLabel = "TAR",
      description = "A tar file with train/CLASS/NAME.jpg and test/CLASS/NAME.jpg, 32 x 32 pixels.")
  private Path data = Path.of("cifar10-jpeg.tar");

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      description =
          "Where the state and the model go; an interrupted run goes on from there (default:"
              + " ${DEFAULT-VALUE}).")
  private Path out = Path.of("runs", "cifar10");

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training images (default: ${DEFAULT-VALUE}).")
  private int epochs = 60;

  @Override
  public Integer call() throws IOException {
    LabelledImages train = LabelledImages.fromTar(data, "train");
    LabelledImages test = LabelledImages.fromTar(data, "test");
    Files.createDirectories(out);
    try (Model model = Model.newInstance("cifar10", Device.cpu(), "PyTorch")) {
      VisionTransformer vit = network();
      vit.initialize(model.getNDManager());
      model.setBlock(vit);
      train(model.getNDManager(), vit, train, test);
      List<Label> labels = LabelledImages.CLASSES.stream().map(c -> new Label(c, c)).toList();
      Path file = out.resolve("model.safetensors");
      ViTModel.of(model, preprocessing(), labels).save(file, TensorType.F16);
      try (ViTModel saved = ViTModel.open(file)) {
        double top1 = accuracy(saved.djlModel().getNDManager(), saved.network(), test);
        System.out.printf(
            Locale.ROOT, "%s, as float16: top-1 %.2f %% on %d images%n", file, top1, test.size());
      }
    }
    return 0;
  }

  private static VisionTransformer network() {
    return ViT.builder()
        .imageSize(32)
        .patchSize(4)
        .width(128)
        .depth(3)
        .parallel(2)
        .heads(2)
        .mlpRatio(2)
        .hmlpStem(2, 2, 1)
        .pooling(Pooling.MEAN)
        .classes(LabelledImages.CLASSES.size())
        .build();
  }

  private static EvalTransform preprocessing() {
    return EvalTransform.ofSize(32)
        .withCropRatio(1)
        .withNormalization(EvalTransform.CIFAR10_MEAN, EvalTransform.CIFAR10_STD);
  }

  private void train(
      NDManager manager, VisionTransformer vit, LabelledImages train, LabelledImages test)
      throws IOException {
    List<ViTParameter> trainable =
        vit.namedParameters().stream().filter(p -> p.parameter().requiresGradient()).toList();
    AdamW adam = new AdamW(manager, trainable, DECAY);
    RunState state = new RunState(vit, adam, out);
    Batches batches = new Batches(train);
    int perEpoch = train.size() / BATCH;
    int total = epochs * perEpoch;
    int first = state.resume(manager);
    int[] order = new int[0];
    try (ProgressBar bar = progress(total, first)) {
      for (int step = first; step < total; step++) {
        int epoch = step / perEpoch;
        if (step == first || step % perEpoch == 0) {
          order = shuffled(train.size(), epoch);
        }
        int at = step % perEpoch * BATCH;
        // every draw follows from the step alone, so that a resumed run repeats
        SplittableRandom random = new SplittableRandom(31L * step + 7);
        Engine.getEngine("PyTorch").setRandomSeed(1000 + step);
        double warm = Math.min(1, (step + 1) / (WARM_UP_EPOCHS * perEpoch));
        double cosine = 0.5 + 0.5 * Math.cos(Math.PI * step / total);
        try (NDManager scope = manager.newSubManager()) {
          Batches.Batch batch =
              batches.augmented(scope, order, at, at + BATCH, step < MIXED_SHARE * total, random);
          float loss = backward(scope, vit, batch);
          if (!adam.step(scope, step + 1, (float) (RATE * warm * cosine), MAX_NORM)) {
            LOG.warn("step {}: the gradient's norm is out of all proportion; skipped", step);
          }
          bar.setExtraMessage(String.format(Locale.ROOT, "loss %.3f", loss));
        }
        bar.step();
        if ((step + 1) % perEpoch == 0) {
          state.save(step + 1);
          System.out.printf(
              Locale.ROOT, "epoch %d: top-1 %.2f %%%n", epoch + 1, accuracy(manager, vit, test));
        }
      }
    }
  }

  private static float backward(NDManager scope, VisionTransformer vit, Batches.Batch batch) {
    try (GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray logits =
          vit.forward(new ParameterStore(scope, false), new NDList(batch.pixels()), true)
              .singletonOrThrow(); // (B, classes)
      NDArray loss = logits.logSoftmax(-1).mul(batch.targets()).sum(new int[] {1}).mean().neg();
      collector.backward(loss);
      return loss.getFloat();
    }
  }

  private static ProgressBar progress(int total, int first) {
    return new ProgressBarBuilder()
        .setTaskName("training")
        .setInitialMax(total)
        .startsFrom(first, Duration.ZERO)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(1000)
        .build();
  }

  private static double accuracy(NDManager manager, VisionTransformer vit, LabelledImages test) {
    Batches batches = new Batches(test);
    int right = 0;
    for (int from = 0; from < test.size(); from += 250) {
      int to = Math.min(from + 250, test.size());
      try (NDManager scope = manager.newSubManager()) {
        NDArray logits =
            vit.forward(
                    new ParameterStore(scope, false),
                    new NDList(batches.plain(scope, from, to).pixels()),
                    false)
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
}
