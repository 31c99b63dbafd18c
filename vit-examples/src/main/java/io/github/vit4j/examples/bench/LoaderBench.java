package io.github.vit4j.examples.bench;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import io.github.vit4j.ViT;
import io.github.vit4j.examples.command.Terminal;
import io.github.vit4j.finetune.augment.Augmentation;
import io.github.vit4j.finetune.augment.Mixup;
import io.github.vit4j.finetune.data.BatchLoader;
import io.github.vit4j.finetune.data.FileImages;
import io.github.vit4j.finetune.data.ImageBatch;
import io.github.vit4j.finetune.data.ImageFiles;
import io.github.vit4j.finetune.data.LabelledFile;
import io.github.vit4j.finetune.data.LabelledFiles;
import io.github.vit4j.finetune.data.LoaderStats;
import io.github.vit4j.finetune.data.Sampler;
import io.github.vit4j.image.EvalTransform;
import io.github.vit4j.model.VisionTransformer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures how many images the input pipeline prepares a second, and, with {@code --train}, how
 * long a ViT-S that trains on them waits for it.
 */
@Command(
    name = "loader-bench",
    description = "Measure the input pipeline on the images of a folder.",
    mixinStandardHelpOptions = true)
public final class LoaderBench implements Callable<Integer> {

  private static final int CLASSES = 100;

  @Parameters(paramLabel = "FOLDER", description = "Images, at any depth; labels do not matter.")
  private Path folder = Path.of(".");

  @Option(names = "--threads", description = "Workers (default: ${DEFAULT-VALUE}).")
  private int threads = 2;

  @Option(names = "--batch", description = "Images a batch (default: ${DEFAULT-VALUE}).")
  private int batch = 32;

  @Option(names = "--size", description = "Side in pixels (default: ${DEFAULT-VALUE}).")
  private int size = 224;

  @Option(names = "--steps", description = "Batches to measure (default: ${DEFAULT-VALUE}).")
  private int steps = 30;

  @Option(
      names = "--augment",
      paramLabel = "TEXT",
      description = "A RandAugment configuration on top of crop and flip.")
  private String policy = "";

  @Option(names = "--train", description = "Train a ViT-S of random weights on the batches.")
  private boolean train;

  /**
   * Measures and prints.
   *
   * @param args the folder and options
   */
  public static void main(String[] args) {
    Terminal.run(new LoaderBench(), args);
  }

  @Override
  public Integer call() {
    List<Path> files = ImageFiles.below(folder);
    List<String> classes = IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
    List<LabelledFile> labelled =
        IntStream.range(0, files.size())
            .mapToObj(i -> new LabelledFile(files.get(i), classes.get(i % CLASSES)))
            .toList();
    FileImages images = FileImages.of(new LabelledFiles(labelled), classes);
    Augmentation augmentation = Augmentation.BASIC.withRandAugment(policy);
    try (BatchLoader loader =
        BatchLoader.of(images, augmentation.transform(EvalTransform.ofSize(size)))
            .batch(batch)
            .sampler(Sampler.shuffled(images.size(), 0))
            .mixup(new Mixup(0.8, 1, 0.1))
            .threads(threads)
            .start()) {
      System.out.println(train ? training(loader) : loading(loader));
    }
    return 0;
  }

  private LoaderStats loading(BatchLoader loader) {
    for (int i = 0; i < 3; i++) { // the compiler has to warm up
      loader.next().close();
    }
    loader.resetStats();
    for (int i = 0; i < steps; i++) {
      loader.next().close();
    }
    return loader.stats();
  }

  private LoaderStats training(BatchLoader loader) {
    try (Model model = Model.newInstance("bench", Device.cpu(), "PyTorch")) {
      VisionTransformer vit = ViT.builder().small().imageSize(size).classes(CLASSES).build();
      vit.initialize(model.getNDManager());
      step(loader, model.getNDManager(), vit);
      loader.resetStats();
      for (int i = 0; i < steps; i++) {
        step(loader, model.getNDManager(), vit);
      }
      return loader.stats();
    }
  }

  private static void step(BatchLoader loader, NDManager manager, VisionTransformer vit) {
    try (ImageBatch batch = loader.next();
        NDManager scope = manager.newSubManager();
        GradientCollector collector = Engine.getEngine("PyTorch").newGradientCollector()) {
      NDArray logits =
          vit.forward(new ParameterStore(scope, false), new NDList(batch.pixels(scope)), true)
              .singletonOrThrow(); // (B, classes)
      NDArray targets = batch.targets(scope);
      collector.backward(logits.logSoftmax(-1).mul(targets).sum(new int[] {1}).mean().neg());
    }
  }
}
