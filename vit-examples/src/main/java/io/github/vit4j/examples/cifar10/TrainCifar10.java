package io.github.vit4j.examples.cifar10;

import io.github.vit4j.ViT;
import io.github.vit4j.config.Pooling;
import io.github.vit4j.error.BadInputException;
import io.github.vit4j.examples.command.Checkpointed;
import io.github.vit4j.finetune.data.DataSets;
import io.github.vit4j.finetune.data.DataSplits;
import io.github.vit4j.finetune.recipe.Recipe;
import io.github.vit4j.finetune.train.FineTuneResult;
import io.github.vit4j.finetune.train.FineTuner;
import io.github.vit4j.model.VisionTransformer;
import io.github.vit4j.zoo.Label;
import io.github.vit4j.zoo.ViTModel;
import io.github.vit4j.zoo.checkpoint.TensorType;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Trains the small model that ships with the library, from nothing: first on images scaled to 24
 * pixels, where an epoch costs half, then at 32.
 *
 * <p>4 blocks of 2 parallel branches, width 128, a convolutional stem on patches of 4 pixels, mean
 * pooling: 1,145,418 parameters.
 *
 * <p>Command: {@code ./vit train-cifar10 cifar10-jpeg.tar}. Cost and accuracy are in {@code
 * docs/results/cifar10.md}.
 */
@Command(
    name = "train-cifar10",
    description = "Train the small CIFAR-10 model that ships with the library.",
    mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields
public final class TrainCifar10 implements Callable<Integer> {

  private static final int SMALL = 24;
  private static final int WHOLE = 32;
  private static final double SMALL_FINAL_RATE = 4e-4;
  private static final double WHOLE_RATE = 5e-4;

  @Parameters(
      paramLabel = "DATA",
      description =
          "CIFAR-10 as published, or a tar file or folder with train/CLASS/NAME and test/CLASS/NAME,"
              + " 32 x 32 pixels.")
  private Path data;

  @Option(
      names = "--out",
      paramLabel = "FOLDER",
      defaultValue = "runs/cifar10",
      description =
          "Where both runs and the model go; an interrupted one goes on from there. Default:"
              + " ${DEFAULT-VALUE}.")
  private Path out;

  @Option(
      names = "--epochs",
      paramLabel = "SMALL,WHOLE",
      split = ",",
      defaultValue = "26,14",
      description = "Passes over the images at 24 and at 32 pixels. Default: ${DEFAULT-VALUE}.")
  private int[] epochs;

  @Override
  public Integer call() {
    if (epochs.length != 2) {
      throw new BadInputException("--epochs needs two numbers, such as 26,14");
    }
    DataSplits images = DataSets.open(data);
    VisionTransformer network = network(images.train().classes().size());
    try (ViTModel fresh =
            ViTModel.of(
                network, SmallRecipe.preprocessing(SMALL), Label.named(images.train().classes()));
        FineTuneResult first =
            Checkpointed.run(
                FineTuner.of(fresh)
                        .data(images)
                        .recipe(small(epochs[0]))
                        .seed(1)
                        .onto(out.resolve("24px"))
                    ::fit);
        FineTuneResult second =
            Checkpointed.run(
                FineTuner.of(first.model())
                        .data(images)
                        .recipe(SmallRecipe.fromScratch(WHOLE, epochs[1]))
                        .rate(WHOLE_RATE)
                        .seed(2)
                        .onto(out.resolve("32px"))
                    ::fit)) {
      Path file = out.resolve("model.safetensors");
      second.model().save(file, TensorType.F16);
      System.out.printf(
          Locale.ROOT,
          "%s: top-1 %.2f %% before it was rounded to float16, on %d images%n",
          file,
          second.best().top1(),
          images.validation().size());
    }
    return 0;
  }

  private static VisionTransformer network(int classes) {
    return ViT.builder()
        .imageSize(SMALL)
        .patchSize(4)
        .width(128)
        .depth(4)
        .parallel(2)
        .heads(4)
        .mlpRatio(2)
        .convStem()
        .classToken(false)
        .pooling(Pooling.MEAN)
        .classes(classes)
        .seed(1)
        .build();
  }

  /** The rate ends where the second run's begins. */
  private static Recipe small(int epochs) {
    Recipe recipe = SmallRecipe.scaled(SMALL, epochs);
    return recipe.withOptimization(recipe.optimization().withFinalRate(SMALL_FINAL_RATE));
  }
}
